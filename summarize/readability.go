package summarize

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// reference says what a sentence needs from the text before it.
type reference uint8

const (
	// selfContained: the sentence can stand alone.
	selfContained reference = iota
	// toNoun: it names somebody or something only as the one spoken of (the couple).
	toNoun
	// toPerson: it begins with, or is about, a person it does not name (he, she, they).
	toPerson
	// toSentence: it answers or continues the sentence before it (but, this, it).
	toSentence
)

// backward lists words that, beginning a sentence, point at what came before.
type backward struct {
	sentence string // at the sentence before
	person   string // at a person
	timed    string // words after which some of these are harmless: this week
}

// backwards holds the lists by language; a language without one is not judged.
var backwards = map[string]backward{
	"en": {
		sentence: `it its this that these those such but however and or so yet nevertheless nonetheless moreover furthermore
			therefore thus hence instead otherwise meanwhile then also besides additionally consequently similarly likewise
			still both neither either afterwards afterward later earlier elsewhere conversely accordingly another others which
			because nor too plus indeed though finally`,
		person: `he she they him her his hers them their theirs himself herself themselves`,
		timed: `week weeks weekend month year years morning afternoon evening night summer winter spring autumn fall season
			monday tuesday wednesday thursday friday saturday sunday who today far in on`,
	},
	"de": {
		sentence: `es dies diese dieser dieses diesen diesem das aber doch jedoch dennoch trotzdem außerdem zudem daher deshalb
			deswegen darum somit damit dabei dafür dagegen daran darauf daraufhin danach davor dort dann denn und oder
			sondern auch ebenso stattdessen allerdings indes zugleich beide später solche dazu davon hinzu demnach`,
		person: `er sie ihn ihm ihr ihre ihren ihrem ihrer sein seine seinen seinem seiner`,
		timed:  `woche monat jahr sommer winter morgen abend tag`,
	},
	"fr": {
		sentence: `ce cet cette ces cela ça celui celle ceux celles mais et ou donc or car cependant toutefois pourtant
			néanmoins ainsi alors puis ensuite aussi enfin également là y en c`,
		person: `il elle ils elles son sa ses leur leurs lui`,
		timed:  `semaine mois année matin soir été hiver nuit`,
	},
	"es": {
		sentence: `este esta estos estas esto ese esa esos esas eso aquel aquella pero sin y o además también entonces luego así
			ahí allí ambos tampoco asimismo`,
		person: `él ella ellos ellas su sus`,
		timed:  `semana mes año mañana tarde noche verano lunes martes miércoles jueves viernes sábado domingo`,
	},
	"it": {
		sentence: `questo questa questi queste quello quella quelli ma però tuttavia e o quindi dunque inoltre anche poi così
			allora infatti entrambi lì`,
		person: `egli lui lei essi loro suo sua suoi sue`,
		timed:  `settimana mese anno mattina sera notte estate`,
	},
	"pt": {
		sentence: `este esta estes estas isto esse essa esses essas isso aquele aquela mas porém contudo e ou então também além
			assim depois ambos ali lá`,
		person: `ele ela eles elas seu sua seus suas`,
		timed:  `semana mês ano manhã tarde noite segunda terça quarta quinta sexta sábado domingo`,
	},
	"nl": {
		sentence: `het dit dat deze die maar echter toch en of dus daarom daardoor daarna daarbij daarnaast bovendien ook toen
			dan daar er beide`,
		person: `hij zij ze hem haar hun zijn`,
		timed:  `week maand jaar ochtend avond nacht zomer`,
	},
	"ru": {
		sentence: `оно этот эта это эти такой такая такое такие но однако а и или также поэтому тем при затем потом там тогда
			кроме`,
		person: `он она они его её ее их ему ей им`,
		timed:  `неделе году месяце день утро вечер`,
	},
}

// backSets holds the lists of one language, ready to be asked.
type backSets struct{ sentence, person, timed map[string]bool }

// phrases are beginnings of several words that continue an English text.
var phrases = []string{
	"as a result", "in addition", "for example", "for instance", "at the time", "on the other hand", "after that", "in contrast",
	"by then", "because of", "in response", "at that", "in that", "in this", "the same", "the latter", "the two", "the three", "the pair",
	"the trio", "the duo", "the couple", "the move", "the incident", "the decision", "the claims", "the claim", "the news", "the comments",
	"the remarks", "the allegations", "the findings", "the results", "even so", "of these", "of those", "one of them", "among them",
	"to that end", "to this end", "in turn", "at this", "for this", "for that", "from there", "with that", "with this", "on this", "on that",
	"not to be outdone", "in it", "to it", "of it", "for it", "with it", "after it", "before it", "now that", "alas both",
	"after this", "since then", "until then", "all of this", "all of these", "all this", "all that", "part of that", "as such", "not only that",
}

// nouns that, after "The", stand for somebody or something already named.
var nouns = wordSet(`company firm group agency man woman boy girl teenager teen student victim suspect driver officer officers actor
	actress singer star player striker defender midfielder footballer mother father parents family child children baby brothers
	sisters politician lawmaker senator businessman businesswoman organisation organization club team side airline bank retailer
	institution school hospital charity building plane aircraft vehicle car ship boat dog animal creature device app song film movie
	book show programme program documentary video clip footage picture image images photograph pictures photos report study
	document letter email statement bill law measure plan scheme project site area town village city country island vessel
	blaze fire crash accident attack shooting explosion blast storm earthquake tragedy case trial hearing verdict ruling lawsuit
	complaint offence crime murder killing theft robbery raid operation search investigation inquiry probe event ceremony
	match game contest fight race tournament victory defeat win goal deal agreement contract offer announcement revelation`)

// expletives follow an "it" that stands for nothing: it is unclear who …
var expletives = wordSet(`unclear clear believed thought understood expected estimated possible likely unlikely known hoped
	reported alleged unknown important hard difficult easy time remains emerged emerges turns turned seems appears transpired`)

// opening is how many bytes of a sentence are read for its first words.
const opening = 160

// judge tells what a sentence needs from the text before it. Names of the text are
// recognised by their capitals elsewhere.
func (a *Analysis) judge(i int) reference {
	back := backOf(a.Language)
	if back == nil || i == 0 {
		// What begins a text points at the headline at most.
		return selfContained
	}
	s := a.text[a.Spans[i].Start:a.Spans[i].End]
	if len(s) > opening {
		cut := opening
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut]
	}
	words := leadingWords(strings.ToLower(s), 12)
	if len(words) == 0 {
		return selfContained
	}
	head, second, third := words[0], wordAt(words, 1), wordAt(words, 2)
	switch {
	case back.person[head]:
		return toPerson
	case back.sentence[head]:
		if back.timed[second] || a.Language == "en" && head == "it" && (expletives[second] || expletives[third] || expletives[wordAt(words, 3)]) {
			return selfContained
		}
		return toSentence
	}
	if a.Language != "en" {
		return selfContained
	}
	start := strings.Join(words, " ") + " "
	for _, p := range phrases {
		if strings.HasPrefix(start, p) && start[len(p)] == ' ' {
			return toSentence
		}
	}
	if relative(words) || len(words) < 10 && a.answers(i) {
		return toSentence
	}
	if head == "the" && (nouns[second] && !specifies(third) || aged(words)) {
		return toNoun
	}
	return a.pronoun(i)
}

// relative reports whether an English sentence begins with one of several ("One had",
// "The second, …") or with a time that is counted from another ("Two days later").
func relative(words []string) bool {
	head, second, third := words[0], wordAt(words, 1), wordAt(words, 2)
	for _, w := range []string{second, third, wordAt(words, 3)} {
		if w == "later" || w == "afterwards" || w == "beforehand" {
			return true
		}
	}
	switch head {
	case "second", "third", "secondly", "thirdly", "fourth":
		return !auxiliary(second) && ordinalOnly(second)
	case "one", "two", "three", "four", "some", "many", "most", "all", "several", "none":
		return auxiliary(second) || second == "recently" || second == "also"
	case "the":
		switch second {
		case "first", "second", "third", "fourth", "last", "other", "others", "next", "final":
			return auxiliary(third) || third == "" || second == "others"
		}
	}
	return false
}

// aged reports whether a sentence begins with "The 52-year-old", in one word or as
// tokenised text has it, and no noun follows at once that says who that is.
func aged(words []string) bool {
	return strings.HasSuffix(wordAt(words, 1), "-year-old") || wordAt(words, 3) == "year" && wordAt(words, 5) == "old"
}

// ordinalOnly reports whether the word after an ordinal shows that it counts
// arguments ("Second, the cuts …") rather than things ("Second place went …").
func ordinalOnly(word string) bool {
	switch word {
	case "the", "a", "an", "he", "she", "it", "they", "we", "there", "this", "that", "his", "her", "its", "their", "in", "and", "if":
		return true
	}
	return false
}

// auxiliary reports whether a verb follows where a noun would say what is counted.
func auxiliary(word string) bool {
	switch word {
	case "is", "was", "are", "were", "has", "had", "have", "will", "would", "can", "could", "said", "did", "does", "and", "came", "went", "took", "shows", "showed":
		return true
	}
	return false
}

// answers reports whether the sentence before i asks a question.
func (a *Analysis) answers(i int) bool {
	return strings.HasSuffix(strings.TrimRight(a.text[:a.Spans[i-1].End], closers), "?")
}

// specifies reports whether a word after a noun tells which one is meant: the man
// who …, the city of …
func specifies(word string) bool {
	switch word {
	case "who", "whose", "which", "that", "of", "in", "behind", "at", "from", "for", "on", "between", "accused", "charged", "by":
		return true
	}
	return false
}

// wordAt returns the word at index i, "" if there is none.
func wordAt(words []string, i int) string {
	if i < len(words) {
		return words[i]
	}
	return ""
}

// leadingWords returns the first words of s, without what surrounds them.
func leadingWords(s string, most int) []string {
	words := make([]string, 0, most)
	start := -1
	for i, r := range s {
		inside := unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-'
		switch {
		case inside && start < 0:
			start = i
		case !inside && start >= 0:
			if words = append(words, s[start:i]); len(words) == most {
				return words
			}
			start = -1
		}
	}
	if start >= 0 {
		words = append(words, s[start:])
	}
	return words
}

// third holds the English pronouns for one person.
var third = wordSet(`he she him her his hers`)

// pronoun reports toPerson for an English sentence in which "he" or "she" comes
// before any name, and no name follows that it could stand for.
func (a *Analysis) pronoun(i int) reference {
	if !slices.ContainsFunc(a.sentences[i].tokens, func(t token) bool { return t.kind&other != 0 }) {
		return selfContained
	}
	s := a.text[a.Spans[i].Start:a.Spans[i].End]
	named, met := false, false
	k := 0
	for _, w := range leadingWords(s, 40) {
		low := strings.ToLower(w)
		if third[low] && !named {
			met = true
		}
		r, _ := utf8.DecodeRuneInString(w)
		if unicode.IsUpper(r) && (k > 0 || a.isName(i)) && len(w) > 1 {
			if met && k > 0 {
				// After his arrest, Smith …
				return selfContained
			}
			named = true
		}
		k++
	}
	if met && !named {
		return toPerson
	}
	return selfContained
}

// isName reports whether the first word of sentence i has a capital elsewhere too.
func (a *Analysis) isName(i int) bool {
	tokens := a.sentences[i].tokens
	if len(tokens) == 0 {
		return false
	}
	t := &a.terms[tokens[0].term]
	return t.mids > 0 && t.capitals*2 > t.mids
}

// Readable reports whether a set of sentences, in the order of the text, can be
// read without the rest: nothing in it points at a sentence that is left out, and no
// quotation is cut in half.
func (a *Analysis) Readable(set []int) bool {
	for k, i := range set {
		follows := k > 0 && set[k-1] == i-1
		if !follows && a.sentences[i].inside {
			return false
		}
		if a.sentences[i].opens && (k+1 == len(set) || set[k+1] != i+1) {
			return false
		}
		if !follows && !a.anchored(set[:k], i) {
			return false
		}
	}
	return true
}

// anchored reports whether what sentence i points at is among the sentences chosen
// before it, though the one right before it is not.
func (a *Analysis) anchored(before []int, i int) bool {
	needs := a.sentences[i].needs
	switch needs {
	case selfContained:
		return true
	case toSentence:
		return false
	}
	// Sentences that go on about the same person lead back to the one that names
	// it; a noun may stand one sentence further off.
	j := i - 1
	for j > 0 && i-j < 4 && a.sentences[j].needs == toPerson && needs == toPerson {
		j--
	}
	if needs == toNoun {
		j = i - 2
	}
	for _, b := range before {
		if b == j {
			return true
		}
	}
	return false
}
