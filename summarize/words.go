package summarize

import (
	"strings"
	"sync"
)

// wordList holds what is known of a language's small words, each list separated
// by white space.
type wordList struct {
	stops  string // function words
	person string // pronouns of the first and second person
	speech string // verbs that report speech
}

// wordLists is short on purpose: a longer list gains nothing measurable, and
// languages without one are ranked by length and frequency alone.
var wordLists = map[string]wordList{
	"en": {
		stops: `a an the and or but nor so if as than that this these those it its is are was were be been being am do does did
			has have had having will would can could may might must shall should of in on at by for with from to into over under
			about after before between during against among through out off up down again further then once here there when where
			why how all any both each few more most other some such no not only own same too very s t just don now he him his she
			her hers they them their theirs who whom which what also while because until upon since per via`,
		person: `i me my mine we us our ours you your yours myself ourselves yourself`,
		speech: `said says say told tells added adds wrote writes asked explained admitted claimed insisted revealed tweeted`,
	},
	"de": {
		stops: `der die das den dem des ein eine einer eines einem einen und oder aber doch denn wenn weil dass daß als wie ob zu
			zur zum in im an am auf aus bei mit nach von vom vor für um über unter durch gegen ohne bis seit während ist sind war
			waren wird werden wurde wurden worden sein seine seiner seinen seinem hat haben hatte hatten kann können konnte soll
			sollen muss müssen nicht kein keine auch noch nur schon sehr so es er sie ihr ihre ihren ihrem sich man was wer
			dieser diese dieses diesem diesen dort da hier nun mehr bereits etwa`,
		person: `ich mich mir mein meine wir uns unser unsere du dich dir dein euch`,
		speech: `sagte sagt erklärte teilte betonte berichtete schrieb`,
	},
	"fr": {
		stops: `le la les l un une des du de d au aux et ou mais donc or ni car que qu qui quoi dont où ce cet cette ces se s sa son
			ses leur leurs il elle ils elles on en y dans sur sous par pour avec sans chez entre vers depuis pendant avant après
			est sont était étaient être été a ont avait avaient avoir eu sera seront fait ne n pas plus moins très aussi comme
			si tout tous toute toutes même autre autres lui eux c cela ça là ainsi alors quand deux`,
		person: `je j me m mon ma mes moi nous notre nos vous votre vos tu te toi`,
		speech: `dit déclaré affirmé expliqué ajouté indiqué assuré précisé estimé raconté annonce`,
	},
	"es": {
		stops: `el la los las un una unos unas y o u e pero si no que de del a al en con por para sin sobre entre hasta desde
			durante ante tras según es son era eran ser sido fue fueron está están estaba ha han había habían haber hay se su sus
			lo le les este esta estos estas ese esa esos esas como más menos muy también ya cuando donde quien cual porque
			todo todos toda todas otro otra`,
		person: `yo me mi mis mí nosotros nos nuestro nuestra tú te tu tus usted ustedes`,
		speech: `dijo dice afirmó explicó añadió señaló aseguró indicó contó declaró`,
	},
	"it": {
		stops: `il lo la i gli le l un uno una e ed o ma se non che chi di del dello della dei degli delle d a al allo alla ai agli
			alle da dal dalla dai in nel nella nei nelle con su sul sulla per tra fra è sono era erano essere stato stata ha hanno
			aveva avevano avere si suo sua suoi sue questo questa questi queste quello quella come più anche già quando dove
			tutto tutti tutta altre altri dopo prima`,
		person: `io mi me mio mia noi ci nostro nostra tu ti te tuo vi voi vostro`,
		speech: `detto dice dichiarato spiegato aggiunto affermato sottolineato`,
	},
	"pt": {
		stops: `o a os as um uma uns umas e ou mas se não que de do da dos das em no na nos nas ao aos à às por pelo pela para com
			sem sobre entre até desde é são era eram ser sido foi foram está estão tem têm tinha há se seu sua seus suas este
			esta esse essa isso isto ele ela eles elas como mais menos muito também já quando onde quem qual porque todo todos
			outra outro após`,
		person: `eu me mim meu minha nós nosso nossa você vocês te teu`,
		speech: `disse diz afirmou explicou acrescentou declarou contou`,
	},
	"nl": {
		stops: `de het een en of maar want als dat die dit deze er is zijn was waren wordt worden werd werden heeft hebben had
			hadden kan kunnen kon zal zullen zou moet moeten van in op aan bij met naar voor door over uit om tot tegen onder na
			te niet geen ook nog al wel zo dan toen hij zij ze hem haar hun zich wie wat waar meer`,
		person: `ik me mij mijn we wij ons onze je jij jou jouw u uw`,
		speech: `zei zegt vertelde meldt verklaarde schreef`,
	},
	"ru": {
		stops: `и в во на с со к ко о об от до из за по под над при для без через между у а но или же ли не ни что чтобы как так
			это этот эта эти того этого тот та те был была было были быть есть он она оно они его её ее их ему ей им который
			которая которые которого уже еще ещё только также если когда где после до более все всех`,
		person: `я мне меня мой моя мы нас нам наш вы вас вам ваш ты тебя`,
		speech: `сказал сказала заявил заявила сообщил сообщила отметил добавил рассказал`,
	},
	"vi": {
		stops: `và của là có cho với các những một được trong đã này đó khi để không người về từ ra vào ở đến cũng như thì mà tại
			theo trên sẽ nhiều hơn năm sau trước còn bị lại rằng nhưng do nên`,
		person: `tôi chúng ta mình bạn`,
		speech: `nói cho biết`,
	},
}

// wordKinds maps the hash of a language's listed words to their kinds.
func wordKinds(lang string) map[uint64]tokenKind {
	return listedKinds()[lang]
}

// listedKinds hashes the word lists once.
var listedKinds = sync.OnceValue(func() map[string]map[uint64]tokenKind {
	tables := map[string]map[uint64]tokenKind{}
	for lang, list := range wordLists {
		tables[lang] = list.kindTable()
	}
	for lang, b := range backwards {
		for kind, list := range map[tokenKind]string{
			definite: b.article, pointing: b.pointing, adding: b.adding, dated: b.timed, telling: b.telling, unique: b.unique,
		} {
			for w := range strings.FieldsSeq(list) {
				tables[lang][hashWord(w)] |= kind
			}
		}
	}
	for w := range third {
		tables["en"][hashWord(w)] |= other
	}
	for w := range nouns {
		tables["en"][hashWord(w)] |= role
	}
	for _, pronouns := range []map[string]bool{many, whose} {
		for w := range pronouns {
			tables["en"][hashWord(w)] |= several
		}
	}
	return tables
})

// backOf returns the words of a language that point backward, nil without a list.
func backOf(lang string) *backSets { return listedBacks()[lang] }

// listedBacks reads the lists once.
var listedBacks = sync.OnceValue(func() map[string]*backSets {
	sets := map[string]*backSets{}
	for lang, b := range backwards {
		sets[lang] = &backSets{wordSet(b.sentence), wordSet(b.person), wordSet(b.timed)}
	}
	return sets
})

// hashWord hashes a lower-case word as the reader does.
func hashWord(w string) uint64 {
	h := uint64(fnvOffset)
	for _, c := range w {
		h = (h ^ uint64(c)) * fnvPrime
	}
	return h
}

// kindTable reads a word list.
func (l wordList) kindTable() map[uint64]tokenKind {
	table := map[uint64]tokenKind{}
	for w := range strings.FieldsSeq(l.stops) {
		table[hashWord(w)] |= stop
	}
	for w := range strings.FieldsSeq(l.person) {
		table[hashWord(w)] |= stop | person
	}
	for w := range strings.FieldsSeq(l.speech) {
		table[hashWord(w)] |= speech
	}
	return table
}
