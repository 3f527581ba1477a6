package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"broadsheet/bot/discordsim"
	"broadsheet/bot/store"
	"broadsheet/feeds"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"broadsheet": main})
}

// Every command as a person calls it. $WEB is a site on loopback that serves
// testdata/web, $BARE one without feeds; they are reached because the scripts
// allow it. $API is a simulated Discord.
func TestScripts(t *testing.T) {
	t.Parallel()
	web := httptest.NewServer(site())
	t.Cleanup(web.Close)
	bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/empty.html" {
			http.NotFound(w, r)
			return
		}
		http.ServeFile(w, r, filepath.Join("testdata", "web", "empty.html"))
	}))
	t.Cleanup(bare.Close)
	sim := discordsim.New(discordsim.Options{}) // asked with wrong tokens alone
	t.Cleanup(func() {
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
	})
	api, err := sim.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("WEB", web.URL)
			env.Setenv("BARE", bare.URL)
			env.Setenv("API", api)
			env.Setenv("BROADSHEET_FETCH_ALLOW_NETWORKS", "127.0.0.0/8,::1/128")
			env.Setenv("BROADSHEET_FETCH_HOST_SPACING", "1ms")
			return writeAll(env.WorkDir, map[string]string{ // what an archive of text cannot hold
				"utf16.txt":  "\xff\xfeT\x00h\x00e\x00 \x00q\x00u\x00a\x00y\x00.\x00",
				"binary.dat": "\x7fELF\x02\x01\x01\x00\x00\x00 and more of it",
			})
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "publish": publish},
	})
}

func writeAll(dir string, files map[string]string) error {
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// site serves testdata/web and pages that misbehave.
func site() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir(filepath.Join("testdata", "web"))))
	mux.HandleFunc("/loop.opml", func(w http.ResponseWriter, r *http.Request) {
		for _, part := range []string{`<opml version="2.0"><body>`, outline(r, "feed.xml"), outline(r, "weather.xml"), outline(r, "broken"),
			outline(r, "absent.xml"), `</body></opml>`} {
			fmt.Fprint(w, part)
		}
	})
	mux.HandleFunc("/bad.opml", func(w http.ResponseWriter, r *http.Request) {
		for _, part := range []string{`<opml version="2.0"><body>`, outline(r, "feed.xml"), outline(r, "bomb"), outline(r, "private"),
			outline(r, "empty.html"), `</body></opml>`} {
			fmt.Fprint(w, part)
		}
	})
	mux.HandleFunc("/bomb", serveBomb)
	mux.HandleFunc("/plain", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=iso-8859-1")
		fmt.Fprint(w, "<html is no page here. Die Br\xfccke wird zwei Jahre lang gesperrt.\n")
	})
	mux.HandleFunc("/broken", func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "out of paper", http.StatusInternalServerError)
	})
	mux.HandleFunc("/private", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://10.0.0.1/secret", http.StatusFound)
	})
	mux.HandleFunc("/endless", func(w http.ResponseWriter, r *http.Request) {
		line := make([]byte, 1<<16)
		for i := range line {
			line[i] = ' '
		}
		for r.Context().Err() == nil {
			if _, err := w.Write(line); err != nil {
				return
			}
		}
	})
	return mux
}

// outline is a feed of the site that was asked.
func outline(r *http.Request, path string) string {
	return fmt.Sprintf(`<outline text="%s" xmlUrl="http://%s/%s"/>`, path, r.Host, path)
}

// exits runs the program and compares its exit status: exits 2 broadsheet run.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := exitDone
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := err.(interface{ ExitCode() int })
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// publish stores the items of a feed's document as a visit would have: publish
// DATABASE ADDRESS DOCUMENT.
func publish(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: publish DATABASE ADDRESS DOCUMENT")
	}
	ctx := context.Background()
	body, err := os.ReadFile(ts.MkAbs(args[2]))
	ts.Check(err)
	feed, err := feeds.Parse(body, "", args[1])
	ts.Check(err)
	s, err := store.Open(ctx, ts.MkAbs(args[0]), store.Options{})
	ts.Check(err)
	added, _, err := s.AddFeed(ctx, args[1], feed.Title)
	ts.Check(err)
	_, err = s.LeaseFeed(ctx, added.ID, time.Minute)
	ts.Check(err)
	now := time.Now()
	recorded, err := s.RecordVisits(ctx, []store.VisitRecord{{
		FeedID: added.ID, Items: feed.Items,
		Visit: feeds.Visit{At: now, Status: 200, Feed: feed, State: added.State, Next: now.Add(time.Hour)},
	}})
	ts.Check(err)
	ts.Check(recorded[0].Err)
	ts.Check(s.Close())
}
