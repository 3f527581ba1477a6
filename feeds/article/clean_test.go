package article

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

func TestDatedLinesAreKnown(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]bool{
		"November 19, 2019":                            true,
		"Published: 00:01, Tue, Nov 19, 2019":          true,
		"Updated on: November 19, 2019 / 10:07 AM":     true,
		"Nov. 20, 2019, 9:28 AM UTC":                   true,
		"By HNN Staff | November 18, 2019 at 2:26 PM":  true,
		"segunda-feira, 22 de janeiro de 2018 às 0:13": true,
		"23 Nov 2017":                     true,
		"05/10/2018":                      true,
		"2. März 2026, 10:07 Uhr":         true,
		"Publié le 2 mars 2026 à 10:07":   true,
		"5 hours ago":                     true,
		"Rockledge 14 11 6 15 44":         false,
		"12":                              false,
		"On Monday the council met again": false,
		"In 2019 the council had promised a new bridge to the people of the old town": false,
		"": false,
	} {
		if got := dated(line, before); got != want {
			t.Errorf("%q before the text: %v, want %v", line, got, want)
		}
	}
	if dated("November 19, 2019", inside) {
		t.Error("a chronicle's day among paragraphs was taken for a date line")
	}
	if !dated("By Jane Roe, John Doe on Monday, November 18th, 2019 at 11:08 a.m.", inside) {
		t.Error("a line of who and when among paragraphs was not known")
	}
	if dated("By Monday, November 18, 2019 at 11:08", inside) {
		t.Error("a day was taken for an author")
	}
	if dated("By March 2, 2026, 40 people had died.", inside) {
		t.Error("a sentence that begins with a day was taken for a line of who and when")
	}
	if !dated("Updated November 19, 2019", inside) {
		t.Error("a stamp among paragraphs was not known")
	}
}

func TestCountersAndCreditsAreKnown(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]bool{
		"1 of 6": true, "image 1 of / 9": true, "3.409 letture": true, "12": true, "1/9": true, "photo 3": true,
		"three of six": false, "6 people": false, "": false, "one": false, "1 of the 6 bridges fell": false,
	} {
		if got := counter(line); got != want {
			t.Errorf("counter %q: %v, want %v", line, got, want)
		}
	}
	for line, want := range map[string]bool{
		"the bridge (ap photo/jane roe)": true, "the bridge. (image: getty)": true, "die brücke (foto: dpa)": true, "jane roe / getty images": true, "橋 (写真 市役所)": true,
		"die brücke (symbolbild)": true, "the bridge (photo credit jane roe)": true,
		"plants do it by light (photosynthesis)": false, "sagte die ministerin (bildung)": false, "she moved to a bank (credit suisse)": false, "he paid (imagine that)": false,
		"the bridge (built in 1920)": false, "the bridge": false, "photo (old": false,
	} {
		if got := credit(line); got != want {
			t.Errorf("credit %q: %v, want %v", line, got, want)
		}
	}
}

func TestNamesOfAuthorsAreKnown(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text, byline string
		where        place
		want         bool
	}{
		{"by jane roe", "Jane Roe", before, true},
		{"jane roe, political editor", "Jane Roe", before, true},
		{"jane roe", "Jane Roe, John Doe", before, true},
		{"jane roe", "Jane Roe", inside, false},
		{"jane roe", "", before, false},
		{"jane roe had waited for the bridge for years.", "Jane Roe", behind, false},
		{"the bridge", "Jane Roe", before, false},
	} {
		if got := named(tt.text, tt.byline, tt.where); got != tt.want {
			t.Errorf("named(%q, %q, %d) = %v", tt.text, tt.byline, tt.where, got)
		}
	}
	for text, want := range map[string]bool{
		"jane roe is a reporter for paper.":                       true,
		"jane covers traffic and joined paper in 2019.":           true,
		"contact her at jane@paper.example or by email.":          true,
		"the bridge is a marvel.":                                 false,
		"janet is a friend of the mayor's.":                       false,
		"you can write to the council at office@council.example.": false,
	} {
		if got := biography(text, "Jane Roe"); got != want {
			t.Errorf("biography(%q) = %v, want %v", text, got, want)
		}
	}
	for text, want := range map[string]bool{
		"will the bridge hold? nobody is sure.":         false,
		"will is a reporter for paper.":                 true,
		"will roe, who lives by the lake, is a painter": true,
	} {
		if got := biography(text, "Will Roe"); got != want {
			t.Errorf("by Will Roe: biography(%q) = %v, want %v", text, got, want)
		}
	}
	if biography("the bridge is a marvel.", "") {
		t.Error("without a byline a paragraph is about the author")
	}
}

func TestAddressesOfAuthorsAreKnown(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"jane.roe@paper.example": true, "@janeroe": true, "twitter.com/janeroe": true, "https://www.linkedin.com/in/janeroe": true,
		"write to jane.roe@paper.example": false, "https://council.example/bridge": false, "b@d": false, "": false, "橋": false,
	} {
		if got := contact(text); got != want {
			t.Errorf("contact(%q) = %v, want %v", text, got, want)
		}
	}
}

func TestLinesOfThePagesSystemAreKnown(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"05/10/2018 - publicado por: jane roe - categoria: saúde - tags: bridge": true,
		"posted by jane roe in 2019, category: bridges":                          true,
		"veröffentlicht von jane roe am 2.3.2026, kategorie: brücken":            true,
		"рубрика: мосты, теги: река, 2026":                                       true,
		"posted by jane roe":                                              false,
		"posted by jane roe, category: bridges":                           false,
		"the list was posted by the council in 2019 with tags: old, new.": false,
	} {
		if got := filed(text); got != want {
			t.Errorf("filed(%q) = %v, want %v", text, got, want)
		}
	}
}

func TestClassesOfFurnitureAreKnown(t *testing.T) {
	t.Parallel()
	for class, want := range map[string]bool{
		"wp-caption-text": true, "imageCaption": true, "article__byline": true, "social-share": true, "Newsletter_signup": true, "related": true,
		"ad": true, "author-bio": true, "article-body": false, "adventure": false, "header": false, "biography": false, "": false, "unrelated": false, "shareholder": false, "p1 p2": false,
	} {
		if got := chromeName(class); got != want {
			t.Errorf("chromeName(%q) = %v, want %v", class, got, want)
		}
	}
}

func TestBlocksOfATree(t *testing.T) {
	t.Parallel()
	doc, err := html.Parse(strings.NewReader(`<div>Loose text <b>bold</b><p>One <a href=x>two three</a>.</p><h2>Head</h2><ul><li>a</li><li><p>b</p></li></ul>
<blockquote><p>Said.</p></blockquote>first<br><br>second<br>line<table><tr><td>c</td><td>d</td></tr></table><script>x</script><figure><p>e</p><p>f</p></figure><figure><p>caption</p></figure><img src=x>after</div>`))
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		Tag, Text    string
		Words, Links int
		List, Pic    bool
	}
	var got []row
	for _, b := range blocksOf(doc) {
		got = append(got, row{b.tag, b.text, b.words, b.links, b.list, b.pictured})
	}
	want := []row{
		{"div", "Loose text bold", 3, 0, false, false},
		{"p", "One two three.", 3, 2, false, false},
		{"h2", "Head", 1, 0, false, false},
		{"li", "a", 1, 0, true, false},
		{"p", "b", 1, 0, true, false},
		{"p", "Said.", 1, 0, false, false},
		{"div", "first", 1, 0, false, false},
		{"div", "second line", 2, 0, false, false},
		{"tr", "c d", 2, 0, false, false},
		{"p", "e", 1, 0, false, false},
		{"p", "f", 1, 0, false, false},
		{"div", "after", 1, 0, false, true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("blocks (-want +got):\n%s", diff)
	}
}

func TestPhraseListsAreWellFormed(t *testing.T) {
	t.Parallel()
	for name, list := range map[string]string{"opening": opening, "whole": whole, "anywhere": anywhere, "ending": ending, "calendar": calendar, "classes": chromeClasses, "calls": calls, "filing": filing, "pictures": pictureWords} {
		for line := range strings.SplitSeq(list, "\n") {
			if !strings.HasPrefix(line, "|") || !strings.HasSuffix(line, "|") {
				t.Errorf("%s: a line does not stand between bars: %.40q…", name, line)
			}
		}
		for _, p := range phrases(list) {
			if p != strings.ToLower(p) || strings.ContainsAny(p, "’‘“”") || len([]rune(p)) < 1 {
				t.Errorf("%s: %q is not folded as texts are", name, p)
			}
			if (name == "opening" || name == "anywhere") && len(p) < 3 && firstRune(p) < 0x80 {
				t.Errorf("%s: %q would hit anything", name, p)
			}
		}
	}
}
