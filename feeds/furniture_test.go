package feeds

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// withTexts are items with the given texts.
func withTexts(texts ...string) []Item {
	items := make([]Item, len(texts))
	for i, text := range texts {
		items[i] = Item{Title: fmt.Sprint("Item ", i), Link: fmt.Sprintf("https://paper.example/%d", i), Text: text}
	}
	return items
}

func trimAll(items []Item, known Known) {
	for i := range items {
		Trim(&items[i], known)
	}
}

func textsOf(items []Item) []string {
	var all []string
	for _, it := range items {
		all = append(all, it.Text)
	}
	return all
}

func TestWhatThreeItemsShareAtTheirEndsIsFurniture(t *testing.T) {
	t.Parallel()
	const below, above = "This article is from the Harbour Post.", "Good morning from the harbour."
	for _, tt := range []struct {
		name       string
		texts, out []string
	}{
		{"a last paragraph", []string{"One went.\n\n" + below, "Two went.\n\n" + below, "Three went.\n\n" + below}, []string{"One went.", "Two went.", "Three went."}},
		{"a last sentence", []string{"One went. " + below, "Two went. " + below, "Three went. " + below, "Four went."}, []string{"One went.", "Two went.", "Three went.", "Four went."}},
		{"a first sentence", []string{above + " One went.", above + " Two went.", above + " Three went."}, []string{"One went.", "Two went.", "Three went."}},
		{"two lines below each other", []string{"One went.\nShare this with your friends\n" + below, "Two went.\nShare this with your friends\n" + below, "Three went.\nShare this with your friends\n" + below}, []string{"One went.", "Two went.", "Three went."}},
		{"two items are too few", []string{"One went. " + below, "Two went. " + below, "Three went."}, []string{"One went. " + below, "Two went. " + below, "Three went."}},
		{"the same item three times", []string{"One went. " + below, "One went. " + below, "One went. " + below}, []string{"One went. " + below, "One went. " + below, "One went. " + below}},
		{"nothing but furniture stays", []string{below, "Two went.\n\n" + below, "Three went.\n\n" + below, "Four went.\n\n" + below}, []string{below, "Two went.", "Three went.", "Four went."}},
		{"short words are the author's", []string{"One went. He laughed.", "Two went. He laughed.", "Three went. He laughed."}, []string{"One went. He laughed.", "Two went. He laughed.", "Three went. He laughed."}},
		{"a mark that it goes on stays one", []string{"One went\n\nRead the full article", "Two went\n\nRead the full article", "Three went\n\nRead the full article"}, []string{"One went …", "Two went …", "Three went …"}},
	} {
		items := withTexts(tt.texts...)
		trimAll(items, Repeated(items))
		if diff := cmp.Diff(tt.out, textsOf(items)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestFurnitureByItsWordsIsTakenOffTheEnd(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"Sources: council, police", "Photo credit: Jane Roe", "(Photo by Jane Roe/Agency)", "Popular Video", "Share this story", "Subscribe to our daily newsletter",
		"Follow us on Facebook", "The post The bridge opens appeared first on Harbour Post.", "Foto: dpa", "Lire aussi : Le vieux pont", "Comparte esta noticia", "Leggi anche: Il vecchio ponte", "Leia também: A ponte velha", "Lees ook: De oude brug", "Читайте также: старый мост", "関連記事：古い橋"} {
		items := withTexts("The bridge opened on Monday.\n\nHundreds came to see it.\n\n"+line, "The bridge opened on Monday.\n"+line+"\n"+line, line)
		trimAll(items, nil)
		want := []string{"The bridge opened on Monday.\n\nHundreds came to see it.", "The bridge opened on Monday.", line}
		if diff := cmp.Diff(want, textsOf(items)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", line, diff)
		}
	}
	for _, text := range []string{
		"The bridge opened.\n\nMore than 300 cars crossed it.", "The bridge opened.\n\nComments by the mayor had angered the people of the old town.",
		"Read more\n\nThe bridge opened.", "The bridge was long,\nthe night was cold\nat home.", "I took the bridge and walked\nhome.", "The bridge opened.\n\nSources: council, police. " + strings.Repeat("They say that it will stay open until the old one is mended. ", 4),
	} {
		items := withTexts(text)
		trimAll(items, nil)
		if items[0].Text != text {
			t.Errorf("%q became %q", text, items[0].Text)
		}
	}
	items := withTexts("The bridge opened, it says\n\nComments", "The bridge opened\nSources: council\nShare\nComments")
	trimAll(items, nil)
	if diff := cmp.Diff([]string{"The bridge opened, it says", "The bridge opened"}, textsOf(items)); diff != "" {
		t.Errorf("words by themselves (-want +got):\n%s", diff)
	}
	items = withTexts("The bridge opened on Monday after four years.\n\nContinue reading...")
	trimAll(items, nil)
	if want := "The bridge opened on Monday after four years. …"; items[0].Text != want || !Teaser(items[0]) {
		t.Errorf("%q, want %q, which is a teaser still", items[0].Text, want)
	}
}

func TestRepetitionInTheMiddleStays(t *testing.T) {
	t.Parallel()
	var texts []string
	for i := range 5 {
		var lines []string
		for j := range 16 {
			lines = append(lines, fmt.Sprintf("Line %d of item number %d.", j, i))
		}
		lines[8] = "The council had said so before, as everybody knows."
		texts = append(texts, strings.Join(lines, "\n\n"))
	}
	items := withTexts(texts...)
	trimAll(items, Repeated(items))
	if diff := cmp.Diff(texts, textsOf(items)); diff != "" {
		t.Errorf("texts (-want +got):\n%s", diff)
	}
}

func TestTrimmedTeasersAreTeasersStill(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("The council met and decided on the bridge after a long debate. ", 30)
	items := withTexts(long+"One.\n\nRead the full article", long+"Two.\n\nRead the full article", long+"Three.\n\nRead the full article")
	if !Teaser(items[0]) {
		t.Fatal("no teaser to begin with")
	}
	trimAll(items, Repeated(items))
	if strings.Contains(items[0].Text, "Read the") || !Teaser(items[0]) {
		t.Errorf("a teaser no more: …%q", items[0].Text[len(items[0].Text)-40:])
	}
}

func TestASingleItemIsTrimmedByWhatIsKnown(t *testing.T) {
	t.Parallel()
	old := withTexts("One went. From the Harbour Post.", "Two went. From the Harbour Post.", "Three went. From the Harbour Post.")
	items := withTexts("Four went. From the Harbour Post.")
	if Repeated(items) != nil {
		t.Error("one item repeats something")
	}
	trimAll(items, Repeated(old))
	if items[0].Text != "Four went." {
		t.Errorf("text %q", items[0].Text)
	}
}

func BenchmarkRepeated(b *testing.B) {
	var texts []string
	for i := range 25 {
		var text strings.Builder
		for j := range 8 {
			fmt.Fprintf(&text, "Paragraph %d of item %d tells what the council said about bridge %d. %s\n\n", j, i, i*j, strings.Repeat("And it goes on for a while with words. ", 8))
		}
		texts = append(texts, strings.TrimSpace(text.String())+" This article is from the Harbour Post.")
	}
	items := withTexts(texts...)
	for b.Loop() {
		copied := append([]Item(nil), items...)
		trimAll(copied, Repeated(copied))
	}
}
