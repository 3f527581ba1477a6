package article

import (
	"path/filepath"
	"regexp"
	"runtime"
	"sort"
	"strings"
	"sync"
	"testing"
)

// score is the benchmark's: shares of 4-word shingles that are right, too many
// and missing.
type score struct{ tp, fp, fn float64 }

var word = regexp.MustCompile(`[\p{L}\p{N}_]+`)

func tokens(s string) []string { return word.FindAllString(s, -1) }

func shingles(t []string) map[string]int {
	m := map[string]int{}
	for i := range max(1, len(t)-3) {
		if part := t[i:min(i+4, len(t))]; len(part) > 0 {
			m[strings.Join(part, "\x00")]++
		}
	}
	return m
}

func scoreOf(truth, got string) score {
	a, b := shingles(tokens(truth)), shingles(tokens(got))
	var s score
	for k, n := range a {
		s.tp += float64(min(n, b[k]))
		s.fn += float64(n - min(n, b[k]))
	}
	for k, n := range b {
		s.fp += float64(n - min(n, a[k]))
	}
	if sum := s.tp + s.fp + s.fn; sum > 0 {
		return score{s.tp / sum, s.fp / sum, s.fn / sum}
	}
	return s
}

// f1 aggregates as the benchmark does: mean precision and mean recall.
func f1(rows []score) (f, p, r float64) {
	np, nr := 0, 0
	for _, s := range rows {
		if s.tp+s.fp > 0 {
			p += s.tp / (s.tp + s.fp)
			np++
		}
		if s.tp+s.fn > 0 {
			r += s.tp / (s.tp + s.fn)
			nr++
		}
	}
	p, r = p/float64(max(np, 1)), r/float64(max(nr, 1))
	if p+r == 0 {
		return 0, p, r
	}
	return 2 * p * r / (p + r), p, r
}

// page is a labelled page of the benchmark.
type page struct {
	URL         string `json:"url"`
	ArticleBody string `json:"articleBody"`
	HTML        string `json:"html"`
}

// extractAll extracts pages in parallel.
func extractAll(t *testing.T, n int, at func(i int) (html []byte, url string)) []Article {
	t.Helper()
	out := make([]Article, n)
	var wg sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range n {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			html, url := at(i)
			a, err := Extract(t.Context(), html, "text/html", url, nil)
			if err != nil {
				t.Errorf("%s: %v", url, err)
			}
			out[i] = a
		})
	}
	wg.Wait()
	return out
}

// TestMainTextOfNewsPages holds the benchmark's figures: 4-shingle F1 and the
// share of pages whose words are exactly right.
func TestMainTextOfNewsPages(t *testing.T) {
	t.Parallel()
	dir := shared(t, "data", "extract")
	var pages map[string]page
	readJSON(t, filepath.Join(dir, "ground-truth.json"), &pages)
	ids := make([]string, 0, len(pages))
	for id := range pages {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	found := extractAll(t, len(ids), func(i int) ([]byte, string) {
		p := pages[ids[i]]
		return readGzip(t, filepath.Join(dir, p.HTML)), p.URL
	})
	rows := make([]score, len(ids))
	exact := 0
	for i, id := range ids {
		rows[i] = scoreOf(pages[id].ArticleBody, found[i].Text)
		if strings.Join(tokens(pages[id].ArticleBody), " ") == strings.Join(tokens(found[i].Text), " ") {
			exact++
		}
		if rows[i].tp < .8 {
			t.Logf("%s tp %.2f too much %.2f missing %.2f", id[:10], rows[i].tp, rows[i].fp, rows[i].fn)
		}
	}
	// By rules of the test's own, so that the cleaner does not judge itself.
	left := regexp.MustCompile(`(?im)^(read (more|next|also)|see also|photos?[: ]|image[: ]|leia |leggi anche|lire aussi|siehe auch|sign up|subscribe|share (this|on)|follow us)|\bnewsletter\b|\bcookies\b|getty images\)?$`)
	leftover := 0
	for i, id := range ids {
		if m := left.FindString(found[i].Text); m != "" && !strings.Contains(strings.ToLower(pages[id].ArticleBody), strings.ToLower(m)) {
			leftover++
			t.Logf("%s leftover %q", id[:10], m)
		}
	}
	if leftover > 1 {
		t.Errorf("%d pages with leftover furniture, want at most 1", leftover)
	}
	f, p, r := f1(rows)
	share := float64(exact) / float64(len(ids))
	t.Logf("n=%d F1=%.3f P=%.3f R=%.3f exact=%.3f", len(ids), f, p, r, share)
	if f < .978 || share < .50 {
		t.Errorf("F1 %.3f, exact %.3f; want at least .978 and .50", f, share)
	}
}

// everyPage makes TestSegmentsOfManyPages read all 462 pages instead of every
// third; for measuring.
const everyPage = false

// TestSegmentsOfManyPages counts which known parts of pages in many languages
// are kept and which are left out.
func TestSegmentsOfManyPages(t *testing.T) {
	t.Parallel()
	dir := shared(t, "data", "extract")
	var pages map[string]struct {
		URL     string   `json:"url"`
		HTML    string   `json:"html"`
		With    []string `json:"with"`
		Without []string `json:"without"`
	}
	readJSON(t, filepath.Join(dir, "segments.json"), &pages)
	ids := make([]string, 0, len(pages))
	for id := range pages {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	if !everyPage {
		for i := range len(ids) / 3 {
			ids[i] = ids[3*i]
		}
		ids = ids[:len(ids)/3]
	}
	found := extractAll(t, len(ids), func(i int) ([]byte, string) {
		p := pages[ids[i]]
		return readGzip(t, filepath.Join(dir, p.HTML)), p.URL
	})
	var tp, fn, fp, tn, empty int
	for i, id := range ids {
		text := oneLine(found[i].Text)
		if text == "" {
			empty++
		}
		for _, s := range pages[id].With {
			if strings.Contains(text, oneLine(s)) {
				tp++
			} else {
				fn++
			}
		}
		for _, s := range pages[id].Without {
			if strings.Contains(text, oneLine(s)) {
				fp++
			} else {
				tn++
			}
		}
	}
	p, r := float64(tp)/float64(tp+fp), float64(tp)/float64(tp+fn)
	f := 2 * p * r / (p + r)
	acc := float64(tp+tn) / float64(tp+tn+fp+fn)
	t.Logf("n=%d P=%.3f R=%.3f acc=%.3f F1=%.3f empty=%d", len(ids), p, r, acc, f, empty)
	if f < .91 {
		t.Errorf("F1 %.3f, want at least .91", f)
	}
}
