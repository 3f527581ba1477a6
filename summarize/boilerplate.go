package summarize

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// TrimBoilerplate takes off what publishers append to a text: "Read more",
// "Sources: …", photo credits, newsletter and share prompts, in nine languages. It
// only removes short lines at the end, so the result is a prefix of the text; of a
// text that is nothing else it leaves the first line.
func TrimBoilerplate(text string) string {
	for {
		trimmed := strings.TrimRightFunc(text, unicode.IsSpace)
		start := strings.LastIndexAny(trimmed, "\n\r") + 1
		if start == 0 || !boilerplateLine(strings.TrimSpace(trimmed[start:])) {
			return trimmed
		}
		text = trimmed[:start]
	}
}

// maxBoilerplate is the length in bytes of the longest line that can be one.
const maxBoilerplate = 300

// boilerplateLine reports whether a line is never part of an article's telling.
func boilerplateLine(line string) bool {
	if len(line) > maxBoilerplate {
		return false
	}
	low := strings.TrimLeftFunc(strings.ToLower(line), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '©'
	})
	for _, list := range [][]string{labels, prompts} {
		for _, p := range list {
			if strings.HasPrefix(low, p) && wordEnds(p, low[len(p):]) {
				return true
			}
		}
	}
	return false
}

// wordEnds reports whether prefix, which rest follows, ends with a whole word.
func wordEnds(prefix, rest string) bool {
	last, _ := utf8.DecodeLastRuneInString(prefix)
	r, _ := utf8.DecodeRuneInString(rest)
	return rest == "" || !unicode.IsLetter(last) || !unicode.IsLetter(r) || r > 0x2e80
}

// labels begin a line that names sources, credits or tags.
var labels = []string{
	"sources:", "source:", "photo credit", "photo credits", "photo:", "photos:", "photo by", "photograph:", "photograph by", "photographs by", "photography by", "illustration by", "picture:",
	"pictures:", "image:", "images:", "image credit", "image source", "credit:", "credits:", "video:", "tags:", "topics:", "filed under",
	"categories:", "related:", "related articles", "related stories", "related posts", "related topics", "related content", "related news",
	"more on this story", "more from", "popular video", "most popular", "most read", "trending now", "recommended", "you may also like",
	"you might also like", "editor's picks", "copyright", "©", "(c)", "all rights reserved", "first published", "last updated", "advertisement",
	"quellen:", "quelle:", "foto:", "fotos:", "bild:", "bilder:", "bildquelle", "bildnachweis", "schlagworte", "mehr zum thema",
	"das könnte sie auch interessieren", "anzeige", "urheberrecht", "alle rechte vorbehalten",
	"crédit photo", "crédits photo", "crédit :", "crédit:", "photo :", "lire aussi", "à lire aussi", "sur le même sujet", "tous droits réservés", "publicité",
	"fuente:", "fuentes:", "foto de", "imagen:", "etiquetas:", "te puede interesar", "también te puede interesar", "lea también", "lee también",
	"todos los derechos reservados", "publicidad",
	"fonte:", "fonti:", "foto di", "leggi anche", "potrebbe interessarti", "tutti i diritti riservati", "pubblicità",
	"leia também", "veja também", "saiba mais", "crédito:", "créditos:", "todos os direitos reservados", "publicidade",
	"bron:", "bronnen:", "beeld:", "lees ook", "lees meer", "alle rechten voorbehouden",
	"источник:", "источники:", "фото:", "читайте также", "смотрите также", "все права защищены", "реклама",
	"出典", "写真：", "写真:", "関連記事", "あわせて読みたい", "続きを読む", "来源：", "来源:", "责任编辑", "相关阅读", "theo:", "nguồn:", "ảnh:", "xem thêm",
}

// prompts begin a line, or are a sentence, that asks the reader to do something.
var prompts = []string{
	"read more", "read also", "read next", "read the full", "see also", "see more", "click here", "click to", "continue reading", "keep reading",
	"scroll down", "watch the video", "watch video", "watch:", "watch more", "listen to", "subscribe", "sign up", "sign in", "log in", "register now",
	"follow us", "follow @", "follow him on twitter", "follow her on twitter", "like us", "join us on", "share this", "share on", "share the", "tweet this",
	"email this", "print this", "get the latest", "get our", "get breaking", "download our", "download the app", "support our", "donate",
	"join the conversation", "leave a comment", "comments", "view comments", "newsletter", "our newsletter", "this article was originally",
	"this story was originally", "this article originally", "for more information visit", "for confidential", "we use cookies", "by continuing to use",
	"last updated", "first published", "have you got a story", "do you have a story", "got a tip", "got a story", "send us", "contact us", "email us",
	"weiterlesen", "mehr lesen", "lesen sie", "lesen sie auch", "jetzt abonnieren", "abonnieren sie", "newsletter abonnieren", "folgen sie uns",
	"jetzt anmelden", "teilen sie", "zum thema", "hier klicken",
	"lire la suite", "abonnez-vous", "inscrivez-vous", "suivez-nous", "partager", "cliquez ici", "en savoir plus", "recevez",
	"leer más", "sigue leyendo", "suscríbete", "suscríbase", "síguenos", "comparte", "haz clic", "regístrate",
	"continua a leggere", "iscriviti", "abbonati", "seguici", "condividi", "clicca qui", "leggi di più",
	"continue lendo", "leia mais", "assine", "inscreva-se", "siga-nos", "siga o", "compartilhe", "clique aqui",
	"abonneer", "meld je aan", "schrijf je in", "volg ons", "deel dit", "klik hier",
	"подпишитесь", "подписывайтесь", "читать далее", "поделиться", "следите за",
	"フォロー", "シェア", "会員登録", "ログイン", "关注我们", "点击",
}

// chrome reports whether a sentence is a prompt, a linked headline or a picture's
// caption rather than a part of the article.
func chrome(sentence string) bool {
	// Headlines of other articles, linked in the text, end with a stop that is not theirs.
	if strings.HasSuffix(sentence, " .") || strings.HasSuffix(sentence, ": .") {
		return true
	}
	for _, mark := range captions {
		if strings.Contains(sentence, mark) {
			return true
		}
	}
	if len(sentence) > maxBoilerplate/2 {
		return false
	}
	head := strings.TrimLeftFunc(sentence, func(r rune) bool { return !unicode.IsLetter(r) && r != '©' })
	if len(head) > longestPrompt {
		cut := longestPrompt
		for !utf8.RuneStart(head[cut]) {
			cut--
		}
		head = head[:cut]
	}
	low := strings.ToLower(head)
	if low == "" {
		return false
	}
	for _, p := range promptsByStart()[low[0]] {
		if strings.HasPrefix(low, p) && wordEnds(p, low[len(p):]) {
			return true
		}
	}
	return strings.HasPrefix(low, "photo") && boilerplateLine(sentence)
}

// longestPrompt is how many bytes of a sentence are compared with prompts.
const longestPrompt = 64

// promptsByStart sorts the prompts by their first byte: every sentence is compared.
var promptsByStart = sync.OnceValue(func() map[byte][]string {
	by := map[byte][]string{}
	for _, p := range prompts {
		by[p[0]] = append(by[p[0]], p)
	}
	return by
})

// captions are what only the text under a picture says.
var captions = []string{
	"(file photo", "(file picture", "(file image", "(top left", "(top right", "(bottom left", "(bottom right", "(Archivbild", "(Archivfoto",
	"(Symbolbild",
}
