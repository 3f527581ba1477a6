package article

import "strings"

// The phrases by which short blocks are known as furniture of a page, a line a
// language: English, German, French, Spanish, Italian, Portuguese, Dutch,
// Russian, Japanese, and a few words of others met often. All are in lower
// case with straight quotes and stand between bars.

// opening phrases make furniture of a block that begins with them.
const opening = `|read more|read also|also read|read next|read:|read the full|see also|see more|more:|more on this|more from|more stories|more news|related:|related post|related article|related stor|related news|related content|recommended for you|recommended:|recommended read|you may also|you might also|you might like|don't miss|trending now|trending:|photo:|photos:|photo by|photos by|photo credit|photograph:|photography:|image:|image credit|images:|image source|image via|picture:|pictured:|credit:|credits:|video:|watch:|watch more|listen:|source:|sources:|source :|via:|tags:|tags :|tag:|filed under|filed in|topics:|posted in|categories:|category:|sign up|subscribe|join our|join us|get the latest|get breaking news|get our|get more|get unlimited|newsletter|our newsletter|follow us|follow @|follow him|follow her|follow them on|follow the author|follow ap's|reach the reporter|share this|share on|share it|share via|like this story|like us on|click here|tap here|click to|scroll down|advertisement|sponsored|promoted|copyright|©|(c) 20|all rights reserved|about the author|about author|contact the author|write to|download our|download the app|leave a comment|leave a reply|post comment|post a comment|join the conversation|join the discussion|tell us what you think|view comments|show comments|print this|we use cookies|this site uses cookies|this website uses cookies|our site uses cookies|by continuing to|by using this site|accept cookies|if you enjoyed this|enjoyed this article|support our|become a member|become a subscriber|already a subscriber|already a member|this article is for subscribers|to continue reading|continue reading|log in to|sign in to|create an account|start your free|first published:|originally published|last updated|last modified|updated:|published:|posted:|reading time|estimated reading|skip to|back to top|go to homepage|this story originally|editing by|reporting by|have a tip|got a tip|send tips|have a story|email us|what do you think|what's your take|our weekly|need help with|watch the video|watch live|watch below|listen to this article|listen to the article|how to listen|terms of service|privacy policy|unsubscribe|there's plenty more where that came from|start your day with|up next|next story|next article|previous article|next post|previous post|
|lesen sie auch|lesen sie mehr|lesen sie hier|lesen sie dazu|lesen sie weiter|auch interessant|das könnte sie auch|das könnte ihnen|das könnte dich|mehr zum thema|mehr zu|mehr dazu|weitere artikel|weitere informationen|weitere meldungen|weitere themen|weiterlesen|zum thema|siehe auch|foto:|fotos:|bild:|bilder:|bildquelle|bildnachweis|bildrechte|quelle:|quellen:|schlagworte|schlagwörter|stichworte|kategorie:|kategorien:|jetzt abonnieren|abonnieren sie|newsletter abonnieren|zum newsletter|anmelden|jetzt anmelden|jetzt registrieren|melden sie sich|folgen sie uns|folgt uns|folge uns|teilen sie|artikel teilen|beitrag teilen|anzeige|werbung|alle rechte vorbehalten|über den autor|über die autorin|zur person|kommentar schreiben|kommentare anzeigen|hinterlasse|schreiben sie einen kommentar|diskutieren sie|wir verwenden cookies|wir nutzen cookies|diese website verwendet cookies|diese webseite verwendet|diese seite verwendet cookies|veröffentlicht am|erschienen am|aktualisiert|zuletzt aktualisiert|stand:|lesezeit|lesedauer|zur startseite|nach oben|zum seitenanfang|drucken|artikel drucken|sie haben bereits ein|video:|im video|podcast:|hier geht es zu|hier finden sie|mit material von|jetzt lesen|autor:|text:|redaktion:|kontakt:|ansprechpartner|pressekontakt|
|lire aussi|lire la suite|lire plus|lisez aussi|à lire aussi|a lire aussi|à lire|à voir aussi|voir aussi|en savoir plus|pour aller plus loin|plus d'infos|sur le même sujet|sur le même thème|dans la même rubrique|articles liés|articles similaires|nos articles|vous aimerez aussi|ceci pourrait|photo :|photos :|image :|crédit photo|crédits photo|crédit :|crédits :|© |source :|sources :|mots-clés|mots clés|étiquettes|catégories :|abonnez-vous|s'abonner|je m'abonne|inscrivez-vous|recevez |newsletter|suivez-nous|suivez nous|partager|partagez|publicité|tous droits réservés|à propos de l'auteur|laisser un commentaire|laissez un commentaire|réagir à|commentaires|nous utilisons des cookies|ce site utilise|en poursuivant votre|publié le|mis à jour|mise à jour|temps de lecture|retour en haut|imprimer|vidéo :|écouter|connectez-vous|déjà abonné|il vous reste|cet article est réservé|
|leer más|lea más|leer también|lea también|lee también|te puede interesar|le puede interesar|te puede gustar|también te|también puede|ver también|vea también|ver más|más información|más noticias|más sobre|noticias relacionadas|artículos relacionados|contenido relacionado|relacionado:|foto:|fotos:|foto |imagen:|crédito:|créditos:|fuente:|fuentes:|etiquetas|archivado en|temas:|suscríbete|suscríbase|regístrate|regístrese|inscríbete|boletín|recibe |síguenos|siga a|sigue a|comparte|compartir|publicidad|anuncio|todos los derechos reservados|sobre el autor|acerca del autor|deja un comentario|dejar un comentario|deja una respuesta|comentarios|utilizamos cookies|usamos cookies|este sitio web utiliza|este sitio utiliza|publicado el|publicado por|actualizado|última actualización|tiempo de lectura|volver arriba|imprimir|vídeo:|video:|inicia sesión|ya eres suscriptor|conforme a los criterios|
|leggi anche|leggi di più|leggi tutto|continua a leggere|potrebbe interessarti|ti potrebbe interessare|ti potrebbero interessare|potrebbero interessarti|vedi anche|guarda anche|per saperne di più|approfondimenti|articoli correlati|articoli simili|notizie correlate|correlati|foto:|foto di|immagine:|crediti:|credits:|fonte:|fonti:|tag:|tags:|categorie:|iscriviti|abbonati|registrati|newsletter|ricevi |seguici|segui |condividi|pubblicità|riproduzione riservata|tutti i diritti riservati|© riproduzione|l'autore|informazioni sull'autore|lascia un commento|commenti|utilizziamo i cookie|usiamo i cookie|questo sito utilizza|questo sito usa|pubblicato il|pubblicato in|aggiornato|ultimo aggiornamento|tempo di lettura|torna su|stampa|video:|accedi|sei già abbonato|
|leia mais|leia também|ler mais|saiba mais|veja também|veja mais|confira também|confira mais|você também pode|pode gostar|notícias relacionadas|artigos relacionados|conteúdo relacionado|relacionadas|foto:|fotos:|imagem:|crédito:|créditos:|fonte:|fontes:|tags|categoria:|categorias:|arquivado em|assine|inscreva-se|cadastre-se|receba |newsletter|siga |siga-nos|compartilhe|compartilhar|partilhar|partilhe|publicidade|anúncio|todos os direitos reservados|sobre o autor|deixe um comentário|deixe seu comentário|deixe uma resposta|comentários|comente|utilizamos cookies|usamos cookies|este site utiliza|publicado em|publicado por|atualizado|última atualização|tempo de leitura|voltar ao topo|imprimir|vídeo:|entrar|já é assinante|atenção: comentários|
|lees ook|lees meer|lees verder|lees hier|meer lezen|bekijk ook|bekijk meer|zie ook|meer over|meer nieuws|meer informatie|gerelateerd|gerelateerde|aanbevolen|misschien vind je|foto:|foto's:|beeld:|beeld |afbeelding:|bron:|bronnen:|tags:|categorie:|abonneer|meld je aan|schrijf je in|nieuwsbrief|volg ons|deel dit|delen|advertentie|gesponsord|alle rechten voorbehouden|over de auteur|plaats een reactie|laat een reactie|reacties|wij gebruiken cookies|we gebruiken cookies|deze website gebruikt|deze site gebruikt|gepubliceerd op|bijgewerkt|laatst bijgewerkt|leestijd|terug naar boven|afdrukken|video:|inloggen|al abonnee|geplaatst op|
|читайте также|читать также|читать далее|читать дальше|читайте |подробнее|смотрите также|см. также|по теме|материалы по теме|еще по теме|ещё по теме|похожие|рекомендуем|вам может|фото:|фото |фотография:|изображение:|источник:|источники:|теги:|метки:|рубрика:|рубрики:|категория:|подпишитесь|подписывайтесь|подписаться|подписка|рассылк|следите за|поделиться|поделитесь|реклама|все права защищены|об авторе|оставить комментарий|комментарии|добавить отзыв|добавить комментарий|отзывы|мы используем cookie|мы используем файлы|этот сайт использует|опубликовано|обновлено|дата публикации|время чтения|наверх|распечатать|версия для печати|видео:|войти|нашли ошибку|личный архив|
|関連記事|関連リンク|関連ニュース|関連:|【関連|あわせて読みたい|合わせて読みたい|こちらもおすすめ|おすすめ記事|続きを読む|もっと見る|もっと読む|続きはこちら|詳しくはこちら|次のページ|前のページ|写真:|写真=|写真提供|(写真|画像:|画像提供|(画像|撮影:|撮影=|提供:|出典:|出所:|情報元|引用元|参考:|タグ:|カテゴリ|メルマガ|ニュースレター|メールマガジン|購読|無料会員|会員限定|会員登録|この記事は会員|ログイン|フォローする|フォロー|シェア|ツイート|いいね|広告|【pr】|スポンサー|©|無断転載|無断複製|著作権|コメントを|コメントする|クッキー|当サイトでは|本サイトでは|公開日|更新日|最終更新|投稿日|ページの先頭|印刷|動画:|【動画】|この記事を書いた|執筆者|筆者プロフィール|著者プロフィール|アクセスランキング|人気記事|
|czytaj także|czytaj też|zobacz także|zobacz też|reklama|źródło:|iklan|baca juga|filed under:|läs också|läs mer|annons|les også|læs også|annonce|lue myös|ayrıca oku|reklam|`

// whole phrases make furniture of a block that is nothing else.
const whole = `|read more|more|comments|comment|trending|share|tweet|pin|email|print|save|close|caption|advert|advertisement|ad|loading|highlights|key points|breaking news|breaking news emails|latest news|top stories|most popular|most read|popular|popular video|popular videos|related video|related videos|top videos|more videos|related|related news|recommended|reuters|ap|afp|associated press|the associated press|getty images|getty|sign in|log in|login|menu|search|home|video|photos|gallery|newsletter|newsletters|subscribe|follow|tags|topics|sources|source|references|opinion columnist|staff writer|the author|author|editor|written by|media caption|image copyright|image caption|this video can not be played|play|play video|replay|skip ad|view gallery|show more|show less|load more|see all|view all|next|previous|back|up next|facebook|twitter|whatsapp|linkedin|pinterest|reddit|telegram|instagram|copy link|link copied|story continues below|story continues|something to consider|
|mehr|kommentare|kommentar|teilen|drucken|anzeige|werbung|schließen|startseite|suche|anmelden|merken|newsletter|autor|autorin|quelle|quellen|verwandte artikel|verwandte themen|meistgelesen|empfehlungen|zurück|weiter|dpa|weitere informationen|impressum|datenschutz|kontakt|
|commentaires|partager|publicité|imprimer|fermer|accueil|recherche|sources|à lire aussi|voir plus|suivant|précédent|afp|
|comentarios|compartir|publicidad|cerrar|inicio|buscar|fuente|ver más|siguiente|anterior|efe|relacionadas|
|commenti|condividi|pubblicità|chiudi|cerca|fonte|letture|successivo|precedente|ansa|correlati|
|comentários|compartilhar|publicidade|fechar|buscar|fonte|próximo|anterior|
|reacties|delen|advertentie|sluiten|zoeken|bron|volgende|vorige|anp|
|комментарии|поделиться|реклама|закрыть|поиск|источник|отзывы|далее|назад|тасс|
|コメント|シェア|ツイート|広告|閉じる|検索|関連記事|出典|次へ|前へ|共有|`

// anywhere phrases make furniture of a block that holds them.
const anywhere = `|contributed to this report|contributed to this story|contributed to this article|contributed reporting|all rights reserved|sign up for our|sign up for the|subscribe to our|subscribe to the|for our newsletter|free newsletter|daily newsletter|weekly newsletter|delivered to your inbox|in your inbox|meet your inbox|follow us on|on twitter at|follow me on twitter|like us on facebook|share this article|share this story|with a friend!|read more:|read the full story|click here for more|click here to|may not be reproduced|accept our use of cookies|use of cookies|we use cookies|terms of use|privacy policy|if you enjoyed this article|comments are moderated|moderating all comments|affiliate commission|affiliate links|earn a commission|getty images|(ap photo|ap photo/|photo by |photos by |photo © |photos © |image © |follow @|whatsapp facebook|(photo:|(image:|(photo credit|(image credit|image: ©|(credit:|(file photo|file photo)|image copyright|shutterstock|alamy stock|syndigate|breaking news alerts|special offer|this material may not be|
|alle rechte vorbehalten|newsletter abonnieren|unseren newsletter|unserem newsletter|folgen sie uns|cookies zu|verwendung von cookies|einsatz von cookies|datenschutzerklärung|(foto:|(bild:|foto: dpa|picture alliance|imago images|/dpa|zum vergrößern|
|tous droits réservés|notre newsletter|utilisation de cookies|utilisation des cookies|suivez-nous sur|politique de confidentialité|(photo :|(crédit|
|todos los derechos reservados|nuestro boletín|nuestra newsletter|uso de cookies|síguenos en|política de privacidad|(foto:|(imagen:|
|tutti i diritti riservati|riproduzione riservata|nostra newsletter|uso dei cookie|seguici su|informativa sulla privacy|(foto:|
|todos os direitos reservados|nossa newsletter|uso de cookies|siga-nos|política de privacidade|(foto:|(imagem:|não serão aprovados pelo moderador|
|alle rechten voorbehouden|onze nieuwsbrief|gebruik van cookies|volg ons op|privacybeleid|(foto:|
|все права защищены|нашу рассылку|использование файлов cookie|использованием файлов cookie|подписывайтесь на|нажмите ctrl|(фото:|
|無断転載|転載を禁じ|cookieを使用|クッキーを使用|プライバシーポリシー|メルマガ登録|`

// ending headings announce what follows the article: from them on only whole
// paragraphs are read.
const ending = `|about the author|about the authors|related articles|related stories|related posts|related content|related news|related topics|related|more stories|more from|more on this story|more on this topic|more news|read more|read next|recommended|recommended for you|you may also like|you might also like|most popular|most read|trending|latest news|comments|leave a comment|leave a reply|join the conversation|share this|share this story|follow us|newsletter|sources|references|further reading|see also|zac hall's favorite gear|don't miss|up next|sponsored content|from around the web|around the web|
|über den autor|über die autorin|mehr zum thema|zum thema|weitere artikel|weitere themen|das könnte sie auch interessieren|auch interessant|kommentare|verwandte artikel|verwandte themen|weiterführende links|ähnliche artikel|ähnliche beiträge|schlagworte|quellen|
|à propos de l'auteur|sur le même sujet|à lire aussi|articles similaires|vous aimerez aussi|commentaires|sources|
|sobre el autor|noticias relacionadas|artículos relacionados|te puede interesar|comentarios|más noticias|lo más leído|
|articoli correlati|potrebbe interessarti|ti potrebbe interessare|leggi anche|commenti|notizie correlate|
|sobre o autor|leia também|veja também|notícias relacionadas|artigos relacionados|comentários|mais lidas|
|lees ook|gerelateerde artikelen|meer over|reacties|meest gelezen|over de auteur|
|читайте также|материалы по теме|похожие материалы|комментарии|отзывы|об авторе|самые популярные|по теме|
|関連記事|あわせて読みたい|おすすめ記事|人気記事|コメント|アクセスランキング|この記事を書いた人|`

// calendar are the words of lines that say when something was published.
const calendar = `|january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|am|pm|a.m|p.m|gmt|utc|est|edt|cst|cdt|mst|mdt|pst|pdt|ist|bst|cet|cest|hst|et|pt|ct|amt|today|yesterday|ago|hours|hour|minutes|minute|mins|min|days|day|on|at|updated|published|posted|modified|first|last|update|
|januar|februar|märz|mai|juni|juli|oktober|dezember|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|uhr|vor|stunden|minuten|tagen|heute|gestern|um|am|
|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|le|à|publié|modifié|
|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|lunes|martes|miércoles|jueves|viernes|sábado|domingo|de|a|las|
|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|ore|alle|ago|
|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro|segunda-feira|terça-feira|quarta-feira|quinta-feira|sexta-feira|às|
|januari|februari|maart|mei|augustus|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|uur|om|
|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря|в|г|
|maret|oktober|desember|`

// holds reports whether list, whose entries stand between bars, has the entry.
func holds(list, entry string) bool {
	return entry != "" && !strings.Contains(entry, "|") && strings.Contains(list, "|"+entry+"|")
}

// phrases are the entries of a list.
func phrases(list string) []string {
	var out []string
	for line := range strings.SplitSeq(list, "\n") {
		for entry := range strings.SplitSeq(line, "|") {
			if entry != "" {
				out = append(out, entry)
			}
		}
	}
	return out
}

// calls make furniture of a first or last paragraph, even a long one, that
// begins with them.
const calls = `|follow @|follow us|like us on|sign up|subscribe|get access to|get unlimited access|get the latest|download our|download the app|join our|support our|become a member|become a subscriber|if you enjoyed this|
|abonnieren sie|jetzt abonnieren|folgen sie uns|folgt uns|melden sie sich|registrieren sie sich|laden sie unsere|unterstützen sie uns|
|abonnez-vous|suivez-nous|suivez nous|inscrivez-vous|téléchargez notre|soutenez-nous|
|suscríbete|suscríbase|síguenos|regístrate|inscríbete|descarga nuestra|apóyanos|
|iscriviti|abbonati|seguici|registrati|scarica la nostra|sostienici|
|assine|inscreva-se|siga-nos|cadastre-se|baixe o nosso|apoie o nosso|
|abonneer|volg ons|schrijf je in|meld je aan|download onze|steun ons|
|подпишитесь|подписывайтесь|следите за нами|скачайте наше|поддержите нас|
|フォローして|登録して|購読する|メルマガ登録|会員登録|`

// filing are the words of lines in which a page's system names author, section
// and tags.
const filing = `|posted by|published by|written by|posted in|filed under|category:|categories:|tags:|
|veröffentlicht von|erstellt von|kategorie:|kategorien:|schlagworte:|
|publié par|posté par|catégorie :|catégories :|mots-clés :|
|publicado por|categoría:|categorías:|etiquetas:|
|pubblicato da|categoria:|categorie:|tag:|
|postado por|categorias:|
|geplaatst door|gepubliceerd door|
|опубликовал|автор:|рубрика:|рубрики:|метки:|теги:|
|カテゴリ:|タグ:|投稿者:|`

// pictureWords are the words by which a bracket names the source of a picture.
const pictureWords = `|photo|photos|photograph|photographs|photographer|photography|image|images|picture|pictures|credits|foto|fotos|fotografía|fotografia|fotograf|fotograaf|bild|bilder|bildquelle|bildnachweis|bildrechte|imagen|imágenes|imagem|imagens|immagine|immagini|beeld|фото|фотография|`
