package render

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"broadsheet/bot/digest"
	"broadsheet/bot/discord"
)

func TestFragmentNamesTheSentence(t *testing.T) {
	t.Parallel()
	const page = "https://a.example/x"
	tests := []struct{ name, page, sentence, want string }{
		{"a short sentence whole", page, "It closes in May.", "https://a.example/x#:~:text=It%20closes%20in%20May."},
		{
			"a long one by its ends", page, "The council voted 31 to 14 on Monday to rebuild the bridge.",
			"https://a.example/x#:~:text=The%20council%20voted%2031,to%20rebuild%20the%20bridge.",
		},
		{"what means something in a directive is encoded", page, "A-b, c & d + e.", "https://a.example/x#:~:text=A%2Db%2C%20c%20%26%20d%20%2B%20e."},
		{"line breaks are spaces", page, "It closes\n in May.", "https://a.example/x#:~:text=It%20closes%20in%20May."},
		{"the page's own fragment stays", page + "#top", "It closes in May.", "https://a.example/x#top:~:text=It%20closes%20in%20May."},
		{"an older directive goes", page + "#:~:text=old", "It closes in May.", "https://a.example/x#:~:text=It%20closes%20in%20May."},
		{
			"text without spaces by its characters", page, "港町メローの市議会は月曜日、港の橋を修理せず建て替えることを可決した。",
			"https://a.example/x#:~:text=" + url.QueryEscape("港町メローの市議") + "," + url.QueryEscape("ことを可決した。"),
		},
		{"no sentence", page, " ", ""},
		{"no page", "", "It closes in May.", ""},
		{"no address of the web", "mailto:a@b.example", "It closes in May.", ""},
		{"an address too long", page + "?" + strings.Repeat("q", maxLink), "It closes in May.", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := fragment(tt.page, tt.sentence)
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if link := fragmentLink(tt.page, tt.sentence); (link == "") != (tt.want == "") || strings.Contains(link, "%25") {
				t.Errorf("masked link %q", link)
			}
		})
	}
}

// The browser finds a sentence by its beginning and end: both must be pieces of
// it, and the masked link must carry them unchanged.
func TestFragmentIsMadeOfTheSentence(t *testing.T) {
	t.Parallel()
	sentences := append(bridge().Sentences, strangePage().Sentences...)
	sentences = append(sentences, "Costs rose by 5–7 %, e.g. in “Q3” – (see [1]).", "C++ & C# – 100%_sure?")
	for _, s := range sentences {
		link := fragmentLink("https://a.example/x", s)
		target := strings.TrimSuffix(strings.TrimPrefix(link, "[↗](<"), ">)")
		_, directive, ok := strings.Cut(target, "#:~:text=")
		if !ok {
			t.Errorf("%q: link %q has no text directive", s, link)
			continue
		}
		for _, part := range strings.Split(directive, ",") {
			text, err := url.QueryUnescape(part)
			if err != nil || text == "" || !strings.Contains(s, text) {
				t.Errorf("%q: %q is no piece of it (%v)", s, text, err)
			}
		}
	}
}

func TestEverySentenceHasItsSource(t *testing.T) {
	t.Parallel()
	text := bridge()
	all := strings.Join(contents([]discord.Message{ArticleReply(reader("en-US"), text)}), "\n")
	if n := strings.Count(all, "[↗](<https://paper.example/1#:~:text="); n != len(text.Sentences) {
		t.Errorf("%d sentences, %d links to the source:\n%s", len(text.Sentences), n, all)
	}
	if !strings.Contains(all, "-# Every sentence is the author’s own") {
		t.Error("the remark on the sentences is missing")
	}
}

func TestLongArticleLosesLinksBeforeSentences(t *testing.T) {
	t.Parallel()
	text := bridge()
	text.Sentences = nil
	for i := range 40 {
		text.Sentences = append(text.Sentences, fmt.Sprintf("Sentence number %d of this long article says something new.", i+1))
	}
	m := ArticleReply(reader("en-US"), text)
	for _, v := range violations(m) {
		t.Error(v)
	}
	all := strings.Join(contents([]discord.Message{m}), "\n")
	said, linked := strings.Count(all, "Sentence number"), strings.Count(all, "↗](<")
	if said != 40 || linked == 0 || linked >= said {
		t.Errorf("%d sentences with %d links, want 40 with fewer", said, linked)
	}
}

func TestArticleTooLongEndsAtASentence(t *testing.T) {
	t.Parallel()
	text := bridge()
	text.Sentences = nil
	for i := range 100 {
		text.Sentences = append(text.Sentences, fmt.Sprintf("Sentence %d %send.", i+1, strings.Repeat("goes on ", 20)))
	}
	body := reader("en-US").writer().sentences(text)
	if n := utf8.RuneCountInString(body); n > articleText {
		t.Errorf("%d characters, want at most %d", n, articleText)
	}
	for i, s := range strings.Split(body, "\n\n") {
		if want := text.Sentences[i]; !strings.HasPrefix(s, want) {
			t.Errorf("paragraph %d is %.60q, want the whole sentence", i, s)
		}
	}
}

func TestEmptySentencesDoNotShiftTheLinks(t *testing.T) {
	t.Parallel()
	text := Text{Article: article(1, "A", "B", 1), Sentences: []string{" ", "Ferries run from May.", "", "The bridge closes."}}
	want := "Ferries run from May. [↗](<https://paper.example/1#:~:text=Ferries%20run%20from%20May.>)\n\n" +
		"The bridge closes. [↗](<https://paper.example/1#:~:text=The%20bridge%20closes.>)"
	if diff := cmp.Diff(want, reader("en-US").writer().sentences(text)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestArticleButtons(t *testing.T) {
	t.Parallel()
	stored := bridge()
	saved := stored
	saved.Saved = true
	page := Text{Article: digest.Article{Title: "Page", Link: "https://a.example/x"}, Sentences: []string{"A."}}
	far := page
	far.Link = "https://a.example/" + strings.Repeat("a", 200)
	nowhere := Text{Article: digest.Article{Title: "Nothing"}}
	tests := []struct {
		name string
		text Text
		want []string
	}{
		{"a stored article", stored, []string{"🔖 Save v1:save:1", "👍 v1:up:1", "👎 v1:down:1", "Open https://paper.example/1", "Share v1:share:article:1"}},
		{"one that is saved", saved, []string{"Remove from list v1:unsave:1", "👍 v1:up:1", "👎 v1:down:1", "Open https://paper.example/1", "Share v1:share:article:1"}},
		{"a page by address", page, []string{"Open https://a.example/x", "Share v1:share:link:https~.//a.example/x"}},
		{"an address too long to remember", far, []string{"Open " + far.Link}},
		{"no address", nowhere, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := ArticleReply(reader("en-US"), tt.text)
			if diff := cmp.Diff(tt.want, buttons(m)); diff != "" {
				t.Errorf("buttons (-want +got):\n%s", diff)
			}
			for _, v := range violations(m) {
				t.Error(v)
			}
		})
	}
}

func TestByline(t *testing.T) {
	t.Parallel()
	a := article(1, "Harbour Post", "Bridge", 2)
	tests := []struct{ author, locale, want string }{
		{"", "en-US", "⌂ Harbour Post · 2 h"},
		{"Ada Holm", "en-US", "⌂ Harbour Post · by Ada Holm · 2 h"},
		{"Ada Holm", "de", "⌂ Harbour Post · von Ada Holm · vor 2 Std."},
		{"Harbour Post", "en-US", "⌂ Harbour Post · 2 h"},
	}
	for _, tt := range tests {
		a.Author = tt.author
		if got := reader(tt.locale).writer().byline(a); got != tt.want {
			t.Errorf("%q in %s: got %q, want %q", tt.author, tt.locale, got, tt.want)
		}
	}
}

func TestExactIDSaysWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]bool{
		"1": true, "a b:c~d": true, strings.Repeat("x", 80): true, strings.Repeat("x", 100): false, strings.Repeat(" ", 60): false,
	} {
		if _, ok := exactID(KindShare, args); ok != want {
			t.Errorf("exactID of %d characters: %v, want %v", len(args), ok, want)
		}
	}
}
