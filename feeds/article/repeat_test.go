package article

import (
	"fmt"
	"strings"
	"testing"
)

// knownTexts are the fingerprints of texts.
func knownTexts(texts ...string) Known {
	set := Known{}
	for _, text := range texts {
		set[FingerprintOf(text)] = true
	}
	return set
}

// slogan is longer than any block that is looked at for its words.
const slogan = "Paper is the oldest newspaper of the valley and is read by nine people out of ten who live between the lake and the hills, which makes it the first address for everything that happens here, from the council to the football club and back."

func TestKnownBlocksOfTheHostAreLeftOut(t *testing.T) {
	t.Parallel()
	page := []byte("<html><body><article>" + story + "<p>" + slogan + "</p></article></body></html>")
	for _, tt := range []struct {
		name, known string
		stays       bool
	}{{"nothing is known", "", true}, {"the slogan is known", slogan, false}, {"another block is known", "Something else altogether", true}} {
		a, err := Extract(t.Context(), page, "", "https://paper.example/", knownTexts(tt.known))
		if err != nil || strings.Contains(a.Text, slogan) != tt.stays {
			t.Errorf("%s: err %v, text %q", tt.name, err, a.Text)
		}
		// Or it would be forgotten as soon as it is known.
		if !holdsPrint(a.Blocks, slogan) {
			t.Errorf("%s: the slogan is not among the page's blocks", tt.name)
		}
	}
}

func holdsPrint(set []Fingerprint, text string) bool {
	for _, f := range set {
		if f == FingerprintOf(text) {
			return true
		}
	}
	return false
}

func TestFingerprintsOfTheSameWordsAreTheSame(t *testing.T) {
	t.Parallel()
	same := []string{"Read the full story at Paper", "read the  full story at paper…", "» Read the full story at “Paper”."}
	for _, s := range same {
		if FingerprintOf(s) != FingerprintOf(same[0]) {
			t.Errorf("%q is taken for another block than %q", s, same[0])
		}
	}
	if FingerprintOf("ÉCOUTEZ LA SUITE") != FingerprintOf("écoutez la suite") {
		t.Error("case counts beyond ASCII")
	}
	long := strings.Repeat("Über alle Brücken führt ein Weg. ", 40)
	seen := map[Fingerprint]string{}
	for _, s := range []string{"Read the full story at Paper", "Read the full story at Papers", "3 of 4", "3 of 5", "", long, long + "x", "橋が開通した", "橋が閉通した"} {
		f := FingerprintOf(s)
		if other, ok := seen[f]; ok {
			t.Errorf("%.40q and %.40q have one fingerprint", s, other)
		}
		seen[f] = s
	}
}

func TestTrimTakesKnownBlocksOffTheEnds(t *testing.T) {
	t.Parallel()
	known := knownTexts("Read the full story at Paper", "Share this with your friends", "Welcome to the morning edition.", "All prices are in euros.", "Good morning from the harbour.", "記事の全文はこちらから")
	for _, tt := range []struct{ name, text, want string }{
		{"a last paragraph", "The bridge opened.\n\nRead the full story at Paper", "The bridge opened."},
		{"a last line", "The bridge opened.\nRead the full story at Paper", "The bridge opened."},
		{"two last paragraphs", "The bridge opened.\n\nShare this with your friends\n\nRead the full story at Paper!", "The bridge opened."},
		{"a first paragraph", "Welcome to the morning edition.\n\nThe bridge opened.\n\nIt is long.", "The bridge opened.\n\nIt is long."},
		{"a last sentence", "The bridge opened. It cost much. All prices are in euros.", "The bridge opened. It cost much."},
		{"a first sentence", "Good morning from the harbour. The bridge opened today.", "The bridge opened today."},
		{"a last sentence behind a quotation", "“It is open.” All prices are in euros.", "“It is open.”"},
		{"a line of Japanese", "橋が開通した。\n\n記事の全文はこちらから", "橋が開通した。"},
		{"the middle stays", "The bridge opened.\n\nAll prices are in euros.\n\n1\n\n2\n\n3\n\n4\n\n5\n\n6", "The bridge opened.\n\nAll prices are in euros.\n\n1\n\n2\n\n3\n\n4\n\n5\n\n6"},
		{"lines and paragraphs stay apart", "One is here.\nTwo is here.\n\nThree is here.\n\nRead the full story at Paper", "One is here.\nTwo is here.\n\nThree is here."},
		{"nothing is left", "Read the full story at Paper", ""},
		{"nothing is there", "", ""},
	} {
		if got := Trim(tt.text, known); got != tt.want {
			t.Errorf("%s: %q became %q, want %q", tt.name, tt.text, got, tt.want)
		}
		if got := Trim(tt.text, nil); got != tt.text {
			t.Errorf("%s: with nothing known %q became %q", tt.name, tt.text, got)
		}
	}
}

func TestStripTakesKnownLinesOutOfTheMiddle(t *testing.T) {
	t.Parallel()
	const own = "No injuries were reported.\n\nSalt and pepper to taste\n\nWhat are you reading now?"
	known := knownTexts("The morning letter: subscribe and never miss a ship", "He laughed.", "All prices are in euros.")
	for line := range strings.SplitSeq(own, "\n\n") {
		known[FingerprintOf(line)] = true
	}
	text := "The bridge opened.\n\nThe morning letter: subscribe and never miss a ship\n\nHe laughed.\n\n" + own + "\n\nIt cost much. All prices are in euros."
	want := "The bridge opened.\n\nHe laughed.\n\n" + own + "\n\nIt cost much."
	if got := Strip(text, known); got != want {
		t.Errorf("got %q, want %q (a few words are repeated by authors, too)", got, want)
	}
	if got := Strip("The bridge opened.\n\nNo injuries were reported.", known); got != "The bridge opened." {
		t.Errorf("known words at the end stay: %q", got)
	}
}

func TestWhatTrimTakesIsAmongTheEnds(t *testing.T) {
	t.Parallel()
	text := "First line of it all. And more of it here.\n\nSecond line is here.\n\nThird.\n\nThe fourth line ends. With this one at last. And this one more."
	for _, block := range []string{"First line of it all.", "First line of it all. And more of it here.", "Second line is here.", "And this one more.", "With this one at last.",
		"The fourth line ends. With this one at last. And this one more."} {
		if !holdsPrint(Ends(text), block) {
			t.Errorf("%q is not among the ends", block)
		}
		if !holdsPrint(Blocks(text), block) {
			t.Errorf("%q is not among the blocks", block)
		}
	}
	for _, block := range []string{"Third.", "And more"} {
		if holdsPrint(Ends(text), block) {
			t.Errorf("%q is among the ends", block)
		}
	}
}

func TestBlocksOfAPageAreBounded(t *testing.T) {
	t.Parallel()
	var lines []string
	for i := range 10_000 {
		lines = append(lines, fmt.Sprintf("This is line number %d of very many", i))
	}
	got := Blocks(strings.Join(lines, "\n\n"))
	if len(got) != maxBlocks {
		t.Errorf("%d blocks, want %d", len(got), maxBlocks)
	}
	for _, i := range []int{0, 10, 9_990, 9_999} {
		if !holdsPrint(got, lines[i]) {
			t.Errorf("line %d, near an end, is missing", i)
		}
	}
	seen := map[Fingerprint]bool{}
	for _, f := range Blocks(strings.Repeat("The same line again.\n\n", 30)) {
		if seen[f] {
			t.Error("a block is counted twice")
		}
		seen[f] = true
	}
	if got := Blocks(""); len(got) != 0 {
		t.Errorf("an empty text has %d blocks", len(got))
	}
}
