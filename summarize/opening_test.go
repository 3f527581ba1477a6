package summarize

import (
	"fmt"
	"strings"
	"testing"
)

// council is a text in which sentences take as known what others tell; one to a line.
var council = []string{
	/* 0 */ "A storm broke some harbour walls of Ellmouth in January, and fishermen sent bills to Ellmouth.",
	/* 1 */ "Marta Lindqvist of Ellmouth Harbour Authority has offered two million crowns.",
	/* 2 */ "Fishermen in Ellmouth call Lindqvist stingy.",
	/* 3 */ "The bills add up to eleven million crowns.",
	/* 4 */ "Parliament also looks at fishing this year.",
	/* 5 */ "Eleven of these boats sank before noon.",
	/* 6 */ "Will Ellmouth lose its last fishermen soon?",
	/* 7 */ "Karl Berg says no, because boats are cheap now.",
	/* 8 */ "Inspectors issued the warning two years ago.",
	/* 9 */ "Divers begin work on the walls of Ellmouth in spring.",
	/* 10 */ "Harbours all over Sweden face higher costs.",
	/* 11 */ "After so many years of storms, it sank.",
	/* 12 */ "The first boat of its kind sank in May.",
	/* 13 */ "Some militants hid in Lund.",
	/* 14 */ "Boats came and went all summer.",
	/* 15 */ "Nobody saw anything at night.",
	/* 16 */ "Last week police said the militants had left Lund.",
	/* 17 */ "Karl Berg ran after their van.",
}

func TestSummariesTellWhatTheyTakeAsKnown(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, title string
		set         []int
		want        bool
	}{
		{"the first sentence", "", []int{0, 10}, true},
		{"a sentence that tells all itself", "", []int{9, 10}, true},
		{"a name told in full before", "", []int{1, 2}, true},
		{"a bare name after another sentence", "", []int{0, 2}, true},
		{"a bare name that the headline tells, at the beginning", "Lindqvist offers millions", []int{2, 10}, true},
		{"a summary that begins with a bare name", "", []int{2, 10}, false},
		{"bills that were spoken of", "", []int{0, 3}, true},
		{"bills that were not", "", []int{1, 3, 10}, true}, // two sentences on, still the topic
		{"bills from far away", "", []int{1, 9, 10}, true},
		{"a summary that begins with the bills", "", []int{3, 10}, false},
		{"bills that the headline speaks of", "Fishermen send bills", []int{0, 3}, true},
		{"also, at the beginning", "", []int{4, 10}, false},
		{"also, later", "", []int{0, 4}, true},
		{"these boats, without the sentence before", "", []int{0, 5}, false},
		{"these boats, with it", "", []int{0, 4, 5}, true},
		{"this year is no boat", "", []int{0, 4, 10}, true},
		{"a question with its answer", "", []int{0, 6, 7}, true},
		{"a question without", "", []int{0, 6, 10}, false},
		{"a question at the end", "", []int{0, 6}, false},
		{"an answer without its question", "", []int{7, 10}, false},
		{"it, told of nowhere", "", []int{11}, false},
		{"it, later", "", []int{0, 11}, true},
		{"their, told of nowhere", "", []int{17, 10}, false},
		{"their, later", "", []int{13, 17}, true},
		{"one of a row, at the beginning", "", []int{12}, false},
		{"one of a row, later", "", []int{0, 12}, true},
		{"people spoken of elsewhere", "", []int{0, 16}, false},
		{"people spoken of in the summary", "", []int{13, 16}, true},
		{"the warning, at the beginning", "", []int{8, 10}, false},
		{"the warning, as the only line", "", []int{8}, true},
		{"the warning, later", "", []int{0, 8}, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := Analyze(test.title, strings.Join(council, "\n"), "en", NewModel())
			if len(a.Spans) != len(council) {
				t.Fatalf("%d sentences, want %d", len(a.Spans), len(council))
			}
			if got := a.Readable(test.set); got != test.want {
				t.Errorf("Readable(%v) = %v, want %v; opening %v", test.set, got, test.want,
					a.sentences[test.set[0]].opening)
			}
		})
	}
}

func TestOtherLanguagesDoNotBeginInTheMiddle(t *testing.T) {
	t.Parallel()
	const filler = "Anna Holm und Karl Berg, Ellmouth und Lund: 12 Boote, 40 Fischer, 3 Orte, 7 Tage.\n"
	tests := []struct {
		lang, sentence string
		want           openness
	}{
		{"de", "Der Hafen von Lund schließt ebenfalls im Mai.", leans},
		{"de", "Viele Fischer wollen diese Boote verkaufen.", leans},
		{"de", "Viele Fischer wollen diese Woche verkaufen.", introduces},
		{"de", "Der Hafen von Lund schließt im Mai.", introduces},
		{"de", "Viele Fischer geben Holm die Schuld.", leans},
		{"fr", "Le port de Lund fermera également en mai.", leans},
		{"fr", "Le port de Lund fermera en mai.", introduces},
		{"fr", "Des pêcheurs vendent ces bateaux en mai.", leans},
		{"es", "El puerto de Lund también cierra en mayo.", leans},
		{"it", "Il porto di Lund chiude anche a maggio.", leans},
		{"pt", "O porto de Lund também fecha em maio.", leans},
		{"nl", "De haven van Lund sluit ook in mei.", leans},
		{"ru", "Порт Лунда также закроется в мае.", leans},
		{"fi", "Lundin satama sulkeutuu myös toukokuussa.", introduces}, // no list for Finnish
	}
	for _, test := range tests {
		t.Run(test.lang+" "+test.sentence, func(t *testing.T) {
			t.Parallel()
			a := Analyze("", filler+strings.Repeat(test.sentence+"\n", 4), test.lang, NewModel())
			if a.Language != test.lang {
				t.Skipf("the text is taken for %q", a.Language)
			}
			if got := a.sentences[1].opening; got != test.want {
				t.Errorf("opening of %q = %v, want %v", test.sentence, got, test.want)
			}
		})
	}
}

func TestSummaryBeginsWithTheNewsOfAShortText(t *testing.T) {
	t.Parallel()
	text := strings.Join([]string{
		"The council of Ellmouth has voted to close its northern harbour for two years.",
		"Repairs to the walls, which a storm broke in January, will cost 48 million crowns.",
		"Fishermen protested against the plan outside the town hall on Monday evening.",
		"The fishermen fear that the southern harbour is too small for 300 boats.",
		"Work on the walls is to begin in April, said Marta Lindqvist, who heads the harbour.",
	}, " ")
	for n := 2; n <= 4; n++ {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			s, err := Summarize("", text, Options{Sentences: n})
			if err != nil {
				t.Fatal(err)
			}
			if len(s.Sentences) != n || s.Spans[0].Start != 0 {
				t.Errorf("%d sentences: %q, want the first one among them", n, s.Sentences)
			}
		})
	}
}
