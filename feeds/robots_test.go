package feeds

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestRobotsRulesOfRFC9309(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, file, path string
		want             bool
	}{
		{"an empty file allows everything", "", "/a", true},
		{"a file that is a page allows everything", "<!doctype html><p>Not found: sorry", "/a", true},
		{"all are forbidden everything", "User-agent: *\nDisallow: /", "/a", false},
		{"an empty Disallow forbids nothing", "User-agent: *\nDisallow:", "/a", true},
		{"a path forbids what begins with it", "User-agent: *\nDisallow: /news", "/newspaper", false},
		{"a path leaves the rest", "User-agent: *\nDisallow: /news/", "/news", true},
		{"paths have case", "User-agent: *\nDisallow: /News", "/news", true},
		{"names and keys have none", "USER-AGENT: BroadSheet\nDISALLOW: /", "/a", false},
		{"our group counts", "User-agent: *\nAllow: /\nUser-agent: broadsheet\nDisallow: /", "/a", false},
		{"and only our group", "User-agent: *\nDisallow: /\n\nUser-agent: Broadsheet\nDisallow: /private", "/a", true},
		{"lines that name programs are one group, blank ones between them or not", "User-agent: broadsheet\n\nUser-agent: *\nDisallow: /", "/a", false},
		{"two groups of ours are one", "User-agent: broadsheet\nDisallow: /a\nUser-agent: x\nDisallow: /\nUser-agent: Broadsheet\nDisallow: /b", "/b", false},
		{"another's group does not concern us", "User-agent: Broad\nDisallow: /\nUser-agent: broadsheetbot\nDisallow: /", "/a", true},
		{"a version behind our name", "User-agent: Broadsheet/1.0\nDisallow: /", "/a", false},
		{"several programs share a group", "User-agent: a\nUser-agent: *\nUser-agent: b\nDisallow: /", "/a", false},
		{"the longest pattern decides", "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /a/b/c", "/a/b/d", true},
		{"in any order", "User-agent: *\nAllow: /a/b\nDisallow: /", "/a/b", true},
		{"of equal ones the one that allows", "User-agent: *\nDisallow: /page\nAllow: /page", "/page", true},
		{"a star stands for anything", "User-agent: *\nDisallow: /*/print", "/2026/a/print", false},
		{"and for nothing", "User-agent: *\nDisallow: /a*b", "/ab", false},
		{"a pattern begins at the path's beginning", "User-agent: *\nDisallow: /print*x", "/a/print/x", true},
		{"a dollar is the end", "User-agent: *\nDisallow: /*.php$", "/a.php", false},
		{"and nothing behind it", "User-agent: *\nDisallow: /*.php$", "/a.php?x", true},
		{"queries count", "User-agent: *\nDisallow: /*?", "/a?page=2", false},
		{"a star at the end changes nothing", "User-agent: *\nDisallow: /a*", "/abc", false},
		{"escapes are compared undone", "User-agent: *\nDisallow: /%61bc/%c3%a9", "/abc/é", false},
		{"an escaped slash is none", "User-agent: *\nDisallow: /a/b", "/a%2fb", true},
		{"and is the same in both cases", "User-agent: *\nDisallow: /a%2Fb", "/a%2fb", false},
		{"a dollar and a star may be meant as such", "User-agent: *\nDisallow: /a%24b\nDisallow: /c$d\nDisallow: /e%2Af", "/a$b", false},
		{"a dollar before the end, too", "User-agent: *\nDisallow: /c$d", "/c$de", false},
		{"an escaped star stands for nothing else", "User-agent: *\nDisallow: /e%2Af", "/exf", true},
		{"but for itself", "User-agent: *\nDisallow: /e%2Af", "/e*f", false},
		{"many rules for all leave room for ours", "User-agent: *\n" + strings.Repeat("Disallow: /*a-rule-for-all-the-others\n", 4000) + "User-agent: broadsheet\nDisallow: /*our-own-rule-which-is-longer-than-theirs", "/our-own-rule-which-is-longer-than-theirs", false},
		{"many simple rules are kept", "User-agent: *\n" + strings.Repeat("Disallow: /a-rule-of-a-long-file\n", 9000) + "Disallow: /the-last-rule-of-a-very-long-file", "/the-last-rule-of-a-very-long-file", false},
		{"comments and strange lines are passed over", "Disallow: /\nnonsense\nCrawl-delay: x\nUser-agent: * # all\nSitemap: /x\nCrawl-delay: 5\nDisallow: /a # b", "/a", false},
		{"a rule before any group concerns nobody", "Disallow: /", "/a", true},
		{"lines may end as they like", "\xef\xbb\xbfUser-agent: *\r\nDisallow: /a\rDisallow: /b", "/b", false},
		{"robots.txt itself may be read", "User-agent: *\nDisallow: /", "/robots.txt", true},
	} {
		if got := robotsAllow(parseRobots([]byte(tt.file), "broadsheet"), tt.path); got != tt.want {
			t.Errorf("%s: %q allowed = %v under\n%s", tt.name, tt.path, got, tt.file)
		}
	}
}

func TestHostileRobotsAreBounded(t *testing.T) {
	t.Parallel()
	file := "User-agent: *\n" + strings.Repeat("Disallow: /*a*a*a*a*a*a*a*a*a*a*b$\n", 20_000) + "Disallow: /" + strings.Repeat("x", 1<<16)
	rules := parseRobots([]byte(file), "broadsheet")
	size := 0
	for _, r := range rules {
		size += len(r.pattern)
	}
	if size == 0 || size > maxRobotsRules {
		t.Errorf("%d bytes of patterns are kept, want at most %d", size, maxRobotsRules)
	}
	if !robotsAllow(rules, "/"+strings.Repeat("a", 8000)) {
		t.Error("a path that no rule names is forbidden")
	}
	var r robots
	for i := range maxRobotsHosts + 100 {
		r.keep(fmt.Sprintf("https://h%d.example", i), &robotsSite{until: time.Now().Add(time.Hour), size: 1})
	}
	r.keep("https://large.example", &robotsSite{until: time.Now().Add(time.Hour), size: maxRobotsBytes})
	if len(r.sites) > 2 || r.bytes > maxRobotsBytes+1 || r.find("https://large.example", time.Now()) == nil {
		t.Errorf("%d sites with %d bytes are remembered", len(r.sites), r.bytes)
	}
}

// robotsWeb is a site with a page and a robots.txt.
func robotsWeb(answer http.HandlerFunc) *web {
	return &web{on: map[string]http.HandlerFunc{
		"a.example/robots.txt": answer,
		"a.example":            serve(strings.Replace(articlePage, "%s", "true", 1), "Content-Type", "text/html"),
		"b.example/away":       status(302, "Location", "https://a.example/secret/page"),

		"root.example":            serve(strings.Replace(articlePage, "%s", "true", 1), "Content-Type", "text/html"),
		"root.example/robots.txt": serve("User-agent: *\nDisallow: /"),
	}}
}

func (w *web) asked(path string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, r := range w.seen {
		if r.URL.Path == path {
			n++
		}
	}
	return n
}

func TestPagesAreReadOnlyWhereRobotsAllowIt(t *testing.T) {
	in(t, func(t *testing.T) {
		w := robotsWeb(serve("User-agent: broadsheet\nDisallow: /secret/"))
		c := NewClient(ClientOptions{Transport: w})
		var wg sync.WaitGroup
		for i := range 5 {
			wg.Go(func() {
				if p, err := c.PageOf(t.Context(), PageRequest{URL: fmt.Sprintf("https://a.example/open/%d", i)}); err != nil || p.Article.Text == "" {
					t.Errorf("an allowed page: err %v, text %q", err, p.Article.Text)
				}
			})
		}
		wg.Wait()
		for _, address := range []string{"https://a.example/secret/page", "https://b.example/away", "https://root.example", "https://root.example?page"} {
			_, err := c.PageOf(t.Context(), PageRequest{URL: address})
			var e *Error
			if !errors.As(err, &e) || e.Kind != Forbidden || e.Temporary() || !strings.Contains(e.Words(), "robots.txt") {
				t.Errorf("%s: %v", address, err)
			}
		}
		if w.asked("/secret/page") != 0 {
			t.Error("a forbidden page was requested")
		}
		if n := w.asked("/robots.txt"); n != 3 { // a.example's, b.example's and root.example's
			t.Errorf("robots.txt was read %d times, want once for each host", n)
		}
		// What a person asks for is read: the program is only the browser.
		if _, err := c.Page(t.Context(), "https://a.example/secret/page"); err != nil {
			t.Errorf("a page somebody asked for: %v", err)
		}
		// Feeds are published for programs.
		if v := c.Visit(t.Context(), State{URL: "https://a.example/secret/feed"}, time.Now()); v.Err == nil || v.Err.Kind == Forbidden {
			t.Errorf("a feed: %v", v.Err)
		}
		time.Sleep(25 * time.Hour)
		if _, err := c.PageOf(t.Context(), PageRequest{URL: "https://a.example/open/1"}); err != nil || w.asked("/robots.txt") != 4 {
			t.Errorf("after a day: err %v, robots.txt read %d times, want 4", err, w.asked("/robots.txt"))
		}
	})
}

func TestWhoeverWaitsForRobotsOutlivesWhoAsksForThem(t *testing.T) {
	in(t, func(t *testing.T) {
		w := robotsWeb(func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-time.After(5 * time.Second):
			case <-r.Context().Done():
			}
		})
		c := NewClient(ClientOptions{Transport: w})
		var wg sync.WaitGroup
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			if _, err := c.PageOf(ctx, PageRequest{URL: "https://a.example/1"}); err == nil {
				t.Error("the page came after its time was over")
			}
		})
		synctest.Wait()
		wg.Go(func() {
			if _, err := c.PageOf(t.Context(), PageRequest{URL: "https://a.example/2"}); err != nil {
				t.Errorf("the one that waited: %v", err)
			}
		})
		wg.Wait()
	})
}

func TestAnswersInPlaceOfRobots(t *testing.T) {
	for _, tt := range []struct {
		name   string
		answer http.HandlerFunc
		kind   Kind // "" is allowed
		away   time.Duration
	}{
		{"none", status(404), "", 0}, {"refused", status(403), "", 0}, {"gone", status(410), "", 0}, {"wants a name", status(401), "", 0},
		{"in a circle", status(302, "Location", "/robots.txt"), "", 0},
		{"broken", status(503), Temporary, robotsAway}, {"too many requests", status(429, "Retry-After", "60"), RateLimited, time.Minute},
		{"broken for long", status(503, "Retry-After", "3600"), Temporary, robotsAway},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in(t, func(t *testing.T) {
				w := robotsWeb(tt.answer)
				c := NewClient(ClientOptions{Transport: w})
				for range 3 {
					_, err := c.PageOf(t.Context(), PageRequest{URL: "https://a.example/page"})
					if kind := kindOf(err); kind != tt.kind {
						t.Fatalf("the page: %v, want kind %q", err, tt.kind)
					}
				}
				if n := w.asked("/robots.txt"); n > 1 {
					t.Errorf("robots.txt was asked for %d times, want once", n)
				}
				if tt.kind == "" {
					return
				}
				if w.asked("/page") != 0 {
					t.Error("the page was read although nobody knows whether it may be")
				}
				w.mu.Lock()
				w.on["a.example/robots.txt"] = serve("")
				w.mu.Unlock()
				time.Sleep(tt.away + time.Minute)
				if _, err := c.PageOf(t.Context(), PageRequest{URL: "https://a.example/page"}); err != nil {
					t.Errorf("later: %v", err)
				}
			})
		})
	}
}

// FuzzRobots compares the matching with that of a regular expression.
func FuzzRobots(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /a*b$\nAllow: /%41", "/a%2fb?x")
	f.Add("user-agent:broadsheet\rallow:*\x00", "")
	f.Add("user-agent:*\ndisallow:/a**b*$\ndisallow:/$x$$\nallow:/a*ab$", "/aab*$ab")
	f.Fuzz(func(t *testing.T, file, path string) {
		rules := parseRobots([]byte(file), "broadsheet")
		if len(rules) == 0 && !robotsAllow(rules, path) {
			t.Errorf("without a rule %q is forbidden", path)
		}
		path = robotsEscape(path, "$*")
		for _, r := range rules {
			pattern, end := strings.CutSuffix(r.pattern, "$")
			source := "^" + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, ".*")
			if end {
				source += "$"
			}
			if want := regexp.MustCompile(source).MatchString(path); robotsMatch(r.pattern, path) != want {
				t.Errorf("%q matches %q: %v, want %v", r.pattern, path, !want, want)
			}
		}
	})
}
