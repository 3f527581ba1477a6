package demo

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// mustLoad returns the sample newspapers.
func mustLoad(t *testing.T) []*paper {
	t.Helper()
	papers, err := loadPapers()
	if err != nil {
		t.Fatal(err)
	}
	return papers
}

func TestPapersAreManyAndTheirArticlesWhole(t *testing.T) {
	t.Parallel()
	papers := mustLoad(t)
	if len(papers) < 5 {
		t.Errorf("%d papers, want at least 5", len(papers))
	}
	articles := 0
	titles := map[string]string{}
	languages, formats := map[string]bool{}, map[string]bool{}
	for _, p := range papers {
		languages[p.Lang], formats[p.Format] = true, true
		for _, a := range p.articles {
			articles++
			if other := titles[a.Title]; other != "" {
				t.Errorf("%s and %s print the same headline %q", other, p.Name, a.Title)
			}
			titles[a.Title] = p.Name
			checkArticle(t, p, a)
		}
	}
	if articles < 60 {
		t.Errorf("%d articles, want at least 60", articles)
	}
	for _, want := range []string{"en", "fr", "de"} {
		if !languages[want] {
			t.Errorf("no paper in %q", want)
		}
	}
	for _, want := range []string{formatRSS1, formatRSS2, formatTeaser, formatAtom, formatJSON} {
		if !formats[want] {
			t.Errorf("no paper prints %q", want)
		}
	}
}

func checkArticle(t *testing.T, p *paper, a article) {
	t.Helper()
	words := len(strings.Fields(a.text()))
	// French and German say the same in fewer or longer words.
	if least := map[string]int{"en": 110, "fr": 100, "de": 95}[p.Lang]; words < least || words > 300 {
		t.Errorf("%s/%s has %d words, want %d to 300", p.Slug, a.Slug, words, least)
	}
	if len(a.Paragraphs) < 3 {
		t.Errorf("%s/%s has %d paragraphs, want at least 3", p.Slug, a.Slug, len(a.Paragraphs))
	}
	if a.Title == "" || a.Author == "" || len(a.Tags) == 0 || a.Offset == 0 {
		t.Errorf("%s/%s lacks a headline, author, tag or time: %+v", p.Slug, a.Slug, a)
	}
	if scenes()[a.Picture] == nil {
		t.Errorf("%s/%s asks for the scene %q, which nobody draws", p.Slug, a.Slug, a.Picture)
	}
	if (p.Format == formatTeaser) != (a.Teaser != "") {
		t.Errorf("%s/%s: teaser %q in a paper of format %s", p.Slug, a.Slug, a.Teaser, p.Format)
	}
}

func TestEventsAreToldByTwoToFourPapersInTheirOwnWords(t *testing.T) {
	t.Parallel()
	type told struct {
		paper string
		article
	}
	events := map[string][]told{}
	for _, p := range mustLoad(t) {
		for _, a := range p.articles {
			if a.Event != "" {
				events[a.Event] = append(events[a.Event], told{p.Name, a})
			}
		}
	}
	if len(events) < 6 {
		t.Errorf("%d events, want at least 6", len(events))
	}
	for event, pieces := range events {
		papers := map[string]bool{}
		sentences := map[string]bool{}
		for _, piece := range pieces {
			papers[piece.paper] = true
			for sentence := range strings.SplitSeq(piece.text(), ". ") {
				if sentences[sentence] {
					t.Errorf("event %s: two papers share the sentence %q", event, sentence)
				}
				sentences[sentence] = true
			}
		}
		if n := len(papers); n < 2 || n > 4 || n != len(pieces) {
			t.Errorf("event %s: %d pieces in %d papers, want one in each of 2 to 4", event, len(pieces), n)
		}
	}
}

func TestArticlesSpreadOverThreeDaysAndThenAppearEveryMinute(t *testing.T) {
	t.Parallel()
	var coming []time.Duration
	for _, p := range mustLoad(t) {
		for _, a := range p.articles {
			if a.Offset < -72*time.Hour {
				t.Errorf("%s/%s is %v old", p.Slug, a.Slug, -a.Offset)
			}
			if a.Offset > 0 {
				coming = append(coming, a.Offset)
			}
		}
	}
	if len(coming) < 12 {
		t.Fatalf("%d articles are still to come, want at least 12", len(coming))
	}
	for _, at := range coming {
		next := time.Duration(1 << 62)
		for _, other := range coming {
			if other > at {
				next = min(next, other-at)
			}
		}
		if next != 1<<62 && (next < 20*time.Second || next > time.Minute) {
			t.Errorf("the article after %v comes %v later, want 20 s to 1 min", at, next)
		}
	}
}

func TestParsePaperReadsKeysAndParagraphs(t *testing.T) {
	t.Parallel()
	got, err := parsePaper("name: Gull\nslug: gull\n\n= fog\ntitle: Fog: thick\ntags: A, B\nage: 1h30m\n\nOne\nline.\n\nTwo.\n\n= sun\nin: 5s\n\nWarm.\n")
	if err != nil {
		t.Fatal(err)
	}
	want := &paper{Name: "Gull", Slug: "gull", articles: []article{
		{Slug: "fog", Title: "Fog: thick", Tags: []string{"A", "B"}, Offset: -90 * time.Minute, Paragraphs: []string{"One\nline.", "Two."}},
		{Slug: "sun", Offset: 5 * time.Second, Paragraphs: []string{"Warm."}},
	}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(paper{})); diff != "" {
		t.Errorf("paper (-want +got):\n%s", diff)
	}
}

func TestParsePaperRefusesMistakes(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"an unknown key of the paper":    "nome: Gull\n\n= fog\ntitle: Fog\n\nText.\n",
		"an unknown key of an article":   "name: Gull\n\n= fog\ntitel: Fog\n\nText.\n",
		"an article without text":        "name: Gull\n\n= fog\ntitle: Fog\n",
		"an age that is no duration":     "name: Gull\n\n= fog\nage: yesterday\n\nText.\n",
		"a paper without a single piece": "name: Gull\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if p, err := parsePaper(text); err == nil {
				t.Errorf("parsePaper(%q) = %+v, want an error", text, p)
			}
		})
	}
}
