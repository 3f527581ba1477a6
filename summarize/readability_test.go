package summarize

import (
	"strings"
	"testing"
)

// analysed cuts a text whose sentences stand one to a line, without a model.
func analysed(lang, text string) *Analysis {
	return Analyze("", text, lang, NewModel())
}

func TestSentencesThatPointBackwardAreFound(t *testing.T) {
	t.Parallel()
	const filler = "The council of Ellmouth met on Monday in the town hall to talk about Marta Lindqvist and the harbour.\n"
	tests := []struct {
		lang, sentence string
		want           reference
	}{
		{"en", "He will resign in May.", toPerson},
		{"en", "“She never lied,” said Karl Berg.", toPerson},
		{"en", "Their boats are too old.", toPerson},
		{"en", "But the walls are broken.", toSentence},
		{"en", "This cost the town two million.", toSentence},
		{"en", "However, Lindqvist disagrees.", toSentence},
		{"en", "As a result, ten boats sank.", toSentence},
		{"en", "It was built in 1911.", toSentence},
		{"en", "More than a year later, police found the boat.", toSentence},
		{"en", "There, police found the boat.", toSentence},
		{"en", "Carrying a net, he met some Swedish fishermen.", toPerson},
		{"en", "In all three harbours, she asked Anna Holm.", toPerson},
		{"en", "Two days later, police found the boat.", toSentence},
		{"en", "One had served in the navy.", toSentence},
		{"en", "The second is about money.", toSentence},
		{"en", "The company denies all claims.", toNoun},
		{"en", "The couple married in 2003.", toSentence},
		{"en", "Police said she was driving too fast.", toPerson},

		{"en", "First, the walls are too old.", toSentence},
		{"en", "Second, the walls are too old.", toSentence},
		{"en", "In reality, however, nobody pays.", toSentence},
		{"en", "On Monday that kind of talk ended.", toSentence},
		{"en", "Among the dead were two fishermen.", toSentence},
		{"en", "Karl Berg bought them from Anna Holm.", toPerson},
		{"en", "The Croatian has bought eleven boats.", toNoun},
		{"en", "The Croatian captain has bought eleven boats.", toNoun},
		{"en", "The defendant denies all charges.", toNoun},
		{"en", "In it, Berg apologised to all.", toSentence},
		{"en", "The 52-year-old denies it.", toNoun},
		{"en", "The 52 - year - old denies it.", toNoun},

		{"en", "The Croatian government has bought eleven boats.", selfContained},
		{"en", "Fishermen say they will stay.", selfContained},
		{"en", "Karl Berg and Anna Holm say they will stay.", selfContained},
		{"en", "Second place went to Karl Berg.", selfContained},
		{"en", "It is unclear who will pay.", selfContained},
		{"en", "This week the town council meets.", selfContained},
		{"en", "The company of Karl Berg denies it.", selfContained},
		{"en", "After her resignation, Marta Lindqvist left the town.", selfContained},
		{"en", "There are eleven boats in Ellmouth.", selfContained},
		{"en", "Marta Lindqvist said she would pay.", selfContained},
		{"en", "Fishermen protest against the plan.", selfContained},
		{"en", "Herring is cheap this year.", selfContained},
		{"en", "One of the boats sank.", selfContained},
		{"en", "Two boats sank in the harbour.", selfContained},
		{"en", "Those who live there must leave.", selfContained},

		{"de", "Er tritt im Mai zurück.", toPerson},
		{"de", "Diese Mauern sind alt.", toSentence},
		{"de", "Diese Woche tagt der Rat.", selfContained},
		{"de", "Der Hafen wird geschlossen.", selfContained},
		{"fr", "Elle quittera la ville en mai.", toPerson},
		{"fr", "Mais les murs sont cassés.", toSentence},
		{"fr", "Cette semaine, le conseil se réunit.", selfContained},
		{"es", "Sin embargo, el puerto cierra.", toSentence},
		{"it", "Questo costa troppo.", toSentence},
		{"pt", "Ela deixará a cidade.", toPerson},
		{"nl", "Hij vertrekt in mei.", toPerson},
		{"ru", "Он уйдёт в мае.", toPerson},
		{"fi", "Hän lähtee toukokuussa.", selfContained}, // no list for Finnish
	}
	for _, test := range tests {
		t.Run(test.lang+" "+test.sentence, func(t *testing.T) {
			t.Parallel()
			a := analysed(test.lang, filler+test.sentence)
			a.Language = test.lang // the filler is English
			if got := a.judge(1); got != test.want {
				t.Errorf("judge(%q) = %v, want %v", test.sentence, got, test.want)
			}
		})
	}
}

func TestReadableSets(t *testing.T) {
	t.Parallel()
	a := analysed("en", strings.Join([]string{
		"0 Marta Lindqvist leads the port authority of Ellmouth.",
		"She closed the northern harbour on Monday.",
		"She also cut two hundred jobs.",
		"But fishermen protest against her plan.",
		"Karl Berg speaks for the fishermen of the town.",
		`"We will not move," said Berg.`,
		`"Nobody asked us. The plan is wrong.`,
		`We will fight it in court," said Anna Holm.`,
		"The company has hired a lawyer.",
	}, "\n"))
	tests := []struct {
		name string
		set  []int
		want bool
	}{
		{"the first sentence alone", []int{0}, true},
		{"a pronoun with its sentence", []int{0, 1}, true},
		{"a pronoun alone", []int{1}, false},
		{"a pronoun that goes on about the same person", []int{0, 2}, true},
		{"a pronoun after the wrong sentence", []int{1, 2}, false},
		{"a but without what it answers", []int{0, 3}, false},
		{"a but with it", []int{0, 1, 2, 3}, true},
		{"a whole quotation", []int{0, 4, 5}, true},
		{"a whole quotation of somebody told of elsewhere", []int{5}, false},
		{"a quotation's beginning", []int{6}, false},
		{"a quotation's end", []int{7}, false},
		{"a quotation over paragraphs, each cut", []int{0, 7}, false},
		{"the company, with the sentence before", []int{7, 8}, false},
		{"the company, alone", []int{0, 8}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := a.Readable(test.set); got != test.want {
				t.Errorf("Readable(%v) = %v, want %v", test.set, got, test.want)
			}
		})
	}
}

func TestQuotationsAreKeptWhole(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		opens      string // one letter a sentence: o = ends inside a quotation
		inside     string // i = begins inside one
	}{
		{"closed in the sentence", `She said "no" to him. He left.`, "--", "--"},
		{"over two sentences", `She said: "No one asked. That is wrong." He left.`, "o--", "-i-"},
		{"curly marks", `She said: “No one asked. That is wrong.” He left.`, "o--", "-i-"},
		{"guillemets", `She said: «No one asked. That is wrong.» He left.`, "o--", "-i-"},
		{"German marks", `Sie sagte: „Keiner fragte. Das ist falsch.“ Er ging.`, "o--", "-i-"},
		{"single marks", `She said: ‘No one asked. That is wrong.’ He left.`, "o--", "-i-"},
		{"an apostrophe is no mark", `The boys' boat sank. It wasn't Karl's. They don't care.`, "---", "---"},
		{"a stray mark", `The 5" pipe broke. A. B. C. D. E. F. G. H. I left.`, "o", "-"},
		{"a stray mark spoils only its sentence", `He said "no. One went. Two went. Three went. Four went. Five went. Six went.`, "o------", "-------"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := analysed("", test.text)
			for i := range test.opens {
				s := a.sentences[i]
				if got, want := s.opens, test.opens[i] == 'o'; got != want {
					t.Errorf("sentence %d %q: ends inside a quotation = %v, want %v", i, a.text[a.Spans[i].Start:a.Spans[i].End], got, want)
				}
				if got, want := s.inside, test.inside[i] == 'i'; got != want {
					t.Errorf("sentence %d: begins inside a quotation = %v, want %v", i, got, want)
				}
			}
		})
	}
}

// TestSummariesAreReadable counts, on true-case articles, the summaries that break
// the rules above: before they were rules it was more than a third.
func TestSummariesAreReadable(t *testing.T) {
	t.Parallel()
	all := articles(t, "cnndm_cased.dev")
	if testing.Short() {
		all = all[:100]
	}
	m := weights()
	broken, free := 0, 0
	for _, d := range all {
		a := Analyze(d.Title, d.Text, d.Lang, m)
		if !a.Readable(a.choose(Options{Sentences: 3}, m)) {
			broken++
		}
		r := a.rank(m)
		top := append([]int(nil), r.Order[:min(3, len(r.Order))]...)
		sortInts(top)
		if !a.Readable(top) {
			free++
		}
	}
	t.Logf("%.1f %% of %d summaries are unreadable by rule, %.1f %% of the three best sentences",
		100*float64(broken)/float64(len(all)), len(all), 100*float64(free)/float64(len(all)))
	if broken*200 > len(all) {
		t.Errorf("%d of %d summaries point outside themselves or cut a quotation", broken, len(all))
	}
}

func sortInts(x []int) {
	for i := range x {
		for k := i; k > 0 && x[k] < x[k-1]; k-- {
			x[k], x[k-1] = x[k-1], x[k]
		}
	}
}
