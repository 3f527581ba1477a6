package bot_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"broadsheet/bot/store"
)

// site is a newspaper whose feed gives the beginnings of articles; the rest
// stands on pages that a test writes.
type site struct {
	feed  *feed
	mu    sync.Mutex
	pages map[string]http.Handler // by path
	times []time.Time             // of requests to them
}

// paperWithPages opens a site in the town.
func (w *town) paperWithPages(host, title string) *site {
	s := &site{feed: w.paper(host, title), pages: map[string]http.Handler{}}
	w.web.serve(host, s)
	return s
}

// ServeHTTP implements http.Handler.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/feed.xml" {
		s.feed.ServeHTTP(w, r)
		return
	}
	s.mu.Lock()
	page := s.pages[r.URL.Path]
	if r.URL.Path != "/robots.txt" {
		s.times = append(s.times, time.Now())
	}
	s.mu.Unlock()
	if page == nil {
		http.NotFound(w, r)
		return
	}
	page.ServeHTTP(w, r)
}

// on lets h answer for a path.
func (s *site) on(path string, h http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages[path] = h
}

// read counts the requests for pages between two times.
func (s *site) read(from, to time.Time) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, at := range s.times {
		if !at.Before(from) && at.Before(to) {
			n++
		}
	}
	return n
}

// begin publishes the beginning of an article about subject.
func (s *site) begin(id, subject string) {
	s.feed.mu.Lock()
	defer s.feed.mu.Unlock()
	s.feed.items = append(s.feed.items, item{id: id, title: "News of " + subject, text: "A short word about " + subject + "… Read more", at: time.Now()})
}

// tell publishes an article and its page, with lines below its text.
func (s *site) tell(id, subject string, below ...string) {
	s.begin(id, subject)
	s.on("/"+id, pageHandler(subject, "", below...))
}

// pageHandler serves an article's page.
func pageHandler(subject, head string, below ...string) http.HandlerFunc {
	text := "<p>" + strings.Join(sentences(subject), "</p><p>") + "</p>"
	for _, line := range below {
		text += "<p>" + line + "</p>"
	}
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, "<!doctype html><html><head><title>News of %s</title>%s</head><body><article>%s</article></body></html>", subject, head, text)
	}
}

// article is what the bot has stored of the article about subject.
func (w *town) article(subject string) store.Path {
	w.t.Helper()
	s, err := store.Open(w.t.Context(), w.cfg.Database, store.Options{ReadOnly: true})
	if err != nil {
		w.t.Fatal(err)
	}
	var found store.Path
	all, _, err := s.Latest(w.t.Context(), store.Query{Limit: 100})
	for _, a := range all {
		if a.Title == "News of "+subject {
			found, err = s.Why(w.t.Context(), w.guild, a.ID)
		}
	}
	if err := errors.Join(err, s.Close()); err != nil {
		w.t.Fatal(err)
	}
	if found.Article.ID == 0 {
		w.t.Fatalf("there is no article about %s", subject)
	}
	return found
}

// wantWhole fails unless the article about subject has the text of its page.
func (w *town) wantWhole(subject string) {
	w.t.Helper()
	if a := w.article(subject).Article; a.Teaser || !strings.Contains(a.Text, sentences(subject)[7]) {
		w.t.Errorf("%s was not completed from its page: %q", subject, a.Text)
	}
}

// wantTeaser fails unless the article has the feed's text alone, for a reason.
func (w *town) wantTeaser(subject, reason string) {
	w.t.Helper()
	p := w.article(subject)
	if !p.Article.Teaser || !strings.HasPrefix(p.Article.Text, "A short word") || p.Page != "failed" || !strings.Contains(p.PageReason, reason) {
		w.t.Errorf("%s: page %s, because %q, want %q; text %q", subject, p.Page, p.PageReason, reason, p.Article.Text)
	}
}

func TestWhatThreePagesOfASiteRepeatIsLeftOut(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		const slogan = "Every morning the Tern flies out to all of the islands with whatever it has found."
		tern := w.paperWithPages("tern.example", "The Tern")
		subjects := []string{"the anchor", "the buoy", "the cable", "the dredger"}
		tern.tell("n0", subjects[0], slogan)
		w.follow(tern.feed)
		for i, subject := range subjects {
			if i > 0 {
				tern.tell(fmt.Sprint("n", i), subject, slogan)
			}
			w.pass(3 * time.Hour)
			w.wantWhole(subject)
			if has := strings.Contains(w.article(subject).Article.Text, slogan); has != (i < 2) {
				w.t.Errorf("article %d has the site's slogan: %v", i+1, has)
			}
		}
		for _, subject := range subjects {
			if strings.Contains(w.article(subject).Article.Text, slogan) {
				w.t.Errorf("%s: the slogan stays in what was stored before it was known", subject)
			}
		}
	})
}

func TestWhatAFeedPutsBelowItsArticlesIsLeftOut(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		const below = "This article is from the Harbour Post and its friends."
		post := w.paper("harbour.example", "Harbour Post")
		add := func(subject string) {
			post.mu.Lock()
			defer post.mu.Unlock()
			post.items = append(post.items, item{id: subject[4:], title: "News of " + subject, text: story(subject) + " " + below, at: time.Now()})
		}
		for _, subject := range []string{"the anchor", "the buoy", "the cable"} {
			add(subject)
		}
		w.follow(post)
		w.pass(time.Hour)
		post.mu.Lock()
		post.items = nil // a feed of only the newest article
		post.mu.Unlock()
		add("the dredger")
		w.pass(26 * time.Hour)
		for _, subject := range []string{"the anchor", "the cable", "the dredger"} {
			a := w.article(subject).Article
			if strings.Contains(a.Text, below) || !strings.HasSuffix(a.Text, sentences(subject)[7]) {
				w.t.Errorf("%s ends %q", subject, a.Text[max(0, len(a.Text)-120):])
			}
		}
	})
}

func TestABurstOfTeasersIsReadWithinTheFeedsBudget(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		tern := w.paperWithPages("tern.example", "The Tern")
		tern.tell("first", "the first")
		w.follow(tern.feed)
		w.pass(10 * time.Minute)
		var subjects []string
		for i := range 120 {
			subject := fmt.Sprintf("ship %d", 1000+i)
			subjects = append(subjects, subject)
			tern.tell(fmt.Sprint("n", i), subject)
		}
		begin := time.Now()
		w.pass(5 * time.Hour)
		tern.mu.Lock()
		times := slices.Clone(tern.times)
		tern.mu.Unlock()
		for _, at := range times {
			if n := tern.read(at, at.Add(time.Hour)); n > 50 {
				w.t.Fatalf("%d pages in the hour from %s, want at most 50", n, at.UTC())
			}
		}
		if n := tern.read(begin, time.Now()); n != len(subjects) {
			w.t.Errorf("%d pages were read, want %d", n, len(subjects))
		}
		for _, subject := range subjects[20:] { // as many as Latest lists
			w.wantWhole(subject)
		}
	})
}

func TestAnEditedArticlesPageIsAskedForConditionally(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		const etag = `W/"the 'first' telling"`
		var mu sync.Mutex
		asked := []string{}
		tern := w.paperWithPages("tern.example", "The Tern")
		tern.begin("vaccine", "the vaccine")
		page := pageHandler("the vaccine", "")
		tern.on("/vaccine", func(rw http.ResponseWriter, r *http.Request) {
			mu.Lock()
			asked = append(asked, r.Header.Get("If-None-Match"))
			mu.Unlock()
			if r.Header.Get("If-None-Match") == etag {
				rw.WriteHeader(http.StatusNotModified)
				return
			}
			rw.Header().Set("ETag", etag)
			page(rw, r)
		})
		w.follow(tern.feed)
		w.pass(10 * time.Minute)
		w.wantWhole("the vaccine")
		tern.feed.mu.Lock()
		tern.feed.items[0].text = "A better word about the vaccine… Read more"
		tern.feed.mu.Unlock()
		w.pass(5 * time.Hour)
		w.wantWhole("the vaccine")
		mu.Lock()
		defer mu.Unlock()
		if want := []string{"", etag}; !slices.Equal(asked, want) {
			w.t.Errorf("the page was asked for with the validators %q, want %q", asked, want)
		}
	})
}

func TestPagesThatASiteWithholdsAreNotTaken(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		tern := w.paperWithPages("tern.example", "The Tern")
		tern.on("/robots.txt", func(rw http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(rw, "User-agent: Broadsheet\nDisallow: /forbidden\n")
		})
		tern.tell("open", "the open page")
		w.follow(tern.feed)
		w.pass(10 * time.Minute)
		w.wantWhole("the open page")

		tern.tell("forbidden", "the forbidden page")
		tern.begin("snippet", "the page without excerpts")
		tern.on("/snippet", pageHandler("the page without excerpts", `<meta name="robots" content="index, nosnippet">`))
		tern.begin("header", "the page with a header")
		header := pageHandler("the page with a header", "")
		tern.on("/header", func(rw http.ResponseWriter, r *http.Request) {
			rw.Header().Set("X-Robots-Tag", "noarchive")
			header(rw, r)
		})
		tern.begin("paid", "the paid page")
		tern.on("/paid", pageHandler("the paid page", `<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>`))
		reasons := map[string]string{
			"the forbidden page": "robots.txt", "the page without excerpts": "nosnippet", "the page with a header": "noarchive", "the paid page": "not free",
		}
		for status, reason := range map[int]string{401: "401", 402: "402", 403: "403", 451: "451"} {
			id := fmt.Sprint("status", status)
			tern.begin(id, "status "+reason)
			tern.on("/"+id, func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(status) })
			reasons["status "+reason] = reason
		}
		begin := time.Now()
		w.pass(10 * time.Hour)
		for subject, reason := range reasons {
			w.wantTeaser(subject, reason)
		}
		if n := tern.read(begin, time.Now()); n != len(reasons)-1 {
			w.t.Errorf("%d pages were asked for, want each once and the forbidden one never: %d", n, len(reasons)-1)
		}
		if n := w.web.requests("https://tern.example/robots.txt"); n != 1 {
			w.t.Errorf("robots.txt was read %d times, want once a day", n)
		}
	})
}

func TestPagesWaitForRobotsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		tern := w.paperWithPages("tern.example", "The Tern")
		begin := time.Now()
		tern.on("/robots.txt", func(rw http.ResponseWriter, _ *http.Request) {
			if time.Since(begin) < 15*time.Minute {
				rw.WriteHeader(http.StatusServiceUnavailable)
			}
		})
		tern.tell("first", "the first")
		w.follow(tern.feed)
		w.pass(14 * time.Minute)
		if n := tern.read(begin, time.Now()); n != 0 {
			w.t.Errorf("%d pages were read while nobody knew whether they may be", n)
		}
		w.pass(20 * time.Minute)
		w.wantWhole("the first")
	})
}

func TestASlowPageDelaysNoDigestAndNoPoll(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		tern, post := w.paperWithPages("tern.example", "The Tern"), w.paper("harbour.example", "Harbour Post")
		hang := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
		tern.tell("first", "the first")
		w.follow(tern.feed)
		post.publish("bridge", "Bridge closes for two years", "the harbour bridge")
		w.follow(post)
		w.pass(10 * time.Minute)
		for i := range 30 {
			id := fmt.Sprint("slow", i)
			tern.begin(id, "the slow page "+id)
			tern.on("/"+id, hang)
		}
		var polls []time.Time
		tern.feed.instead(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
			tern.feed.mu.Lock()
			polls = append(polls, time.Now())
			body := tern.feed.document()
			tern.feed.mu.Unlock()
			_, _ = io.WriteString(rw, body)
		}))
		begin := time.Now()
		for range 100 {
			if tern.read(begin, time.Now()) > 0 {
				break
			}
			w.pass(time.Minute)
		}
		due := time.Now().UTC().Truncate(time.Minute).Add(2 * time.Minute)
		w.slash("digest create", map[string]any{"schedule": due.Format("daily 15:04"), "name": "The Impatient"})
		w.until(due.Add(time.Minute))
		if n := len(w.posts()); n != 0 {
			w.t.Errorf("%d posts: the digest did not wait for its pages", n)
		}
		// It waits two minutes, and no longer.
		w.until(due.Add(3 * time.Minute))
		if len(w.posts()) == 0 {
			w.t.Errorf("at %s there is no digest", time.Now().UTC())
		}
		w.pass(3 * time.Hour)
		tern.feed.mu.Lock()
		defer tern.feed.mu.Unlock()
		if len(polls) < 3 {
			w.t.Fatalf("the site's feed was read %d times in five hours, at %v", len(polls), polls)
		}
		for i := 1; i < len(polls); i++ {
			if gap := polls[i].Sub(polls[i-1]); gap > 100*time.Minute {
				w.t.Errorf("polls at %v and %v are %v apart", polls[i-1].UTC(), polls[i].UTC(), gap)
			}
		}
	})
}

func TestWhatWasSeenOfASiteIsForgottenAtNight(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		tern := w.paperWithPages("tern.example", "The Tern")
		tern.tell("first", "the first")
		w.follow(tern.feed)
		w.pass(time.Hour)
		w.wantWhole("the first")
		forgotten := func() int {
			w.stop()
			defer w.start()
			s, err := store.Open(w.t.Context(), w.cfg.Database, store.Options{})
			if err != nil {
				w.t.Fatal(err)
			}
			n, err := s.PruneSites(w.t.Context())
			if err := errors.Join(err, s.Close()); err != nil {
				w.t.Fatal(err)
			}
			return n
		}
		if n := forgotten(); n != 0 {
			w.t.Errorf("%d blocks are forgotten on the day they were seen", n)
		}
		w.skip(14 * day)
		w.pass(day)
		if n := forgotten(); n != 0 {
			w.t.Errorf("%d blocks were left by the nights of two weeks", n)
		}
	})
}
