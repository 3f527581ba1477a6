package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// crashURL makes the test binary a process that works on a database until it
// is killed, telling on standard output what has been acknowledged.
const crashURL = "BROADSHEET_TEST_CRASH"

// crashing is that process: it polls a feed whose every visit brings one new
// item, prints what the channel has not taken, and sends it.
func crashing(ctx context.Context, url string) error {
	s, err := Open(ctx, url, Options{})
	if err != nil {
		return err
	}
	release, err := s.LockRun(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = release() }() // the process is killed before
	f, _, err := s.AddFeed(ctx, "https://tern.example/", "")
	if err != nil {
		return err
	}
	for n := int(time.Now().UnixNano() % 1e15); ; n++ {
		if err := crashRound(ctx, s, f.ID, n); err != nil {
			return err
		}
	}
}

func crashRound(ctx context.Context, s *Store, feed int64, n int) error {
	out, err := s.RecordVisits(ctx, []VisitRecord{{FeedID: feed, Visit: visit("https://tern.example/"), Items: items(n)}})
	if err != nil {
		return err
	}
	fmt.Println("stored", out[0].New[0])
	w, err := s.Window(ctx, channel, ModeDigest)
	if err != nil {
		return err
	}
	if _, err := s.Publish(ctx, takeAll(channel, feed, idsOf(w.Articles)...)); err != nil {
		return err
	}
	all, err := s.LeaseDeliveries(ctx, 1, time.Hour)
	if err != nil {
		return err
	}
	for _, d := range all {
		fmt.Println("sent", d.ID)
		if err := s.MarkSent(ctx, d.ID, d.ID); err != nil {
			return err
		}
		fmt.Println("marked", d.ID)
	}
	return nil
}

// A process that is killed at any moment loses nothing it has acknowledged,
// prints nothing twice and leaves nothing leased.
func TestAKilledProcessLosesNothing(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{sqliteName, postgres} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			url := filepath.Join(t.TempDir(), "test.db")
			if engine == postgres {
				url = postgresURL(t)
			}
			w := newWorld(t, url)
			feed := w.feed(t, "https://tern.example/")
			w.record(t, feed)
			w.subscribe(t, channel, feed, ModeDigest, Backlog{})
			told := map[string]map[string]int{"stored": {}, "sent": {}, "marked": {}}
			for range 5 {
				for _, line := range killed(t, url, time.Duration(60+rand.IntN(200))*time.Millisecond) {
					if what, id, ok := strings.Cut(line, " "); ok {
						told[what][id]++
					}
				}
			}
			survived(t, w, told)
		})
	}
}

// killed runs the process, kills it a while after its first line and returns
// the whole lines it wrote.
func killed(t *testing.T, url string, after time.Duration) (lines []string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), crashURL+"="+url)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	r := bufio.NewReader(out)
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			if !errors.Is(err, io.EOF) {
				t.Log(err) // the pipe of a killed process
			}
			break
		}
		if lines = append(lines, strings.TrimSpace(line)); len(lines) == 1 {
			kill := time.AfterFunc(after, func() { _ = cmd.Process.Kill() }) // Wait tells
			defer kill.Stop()
		}
	}
	if err := cmd.Wait(); err == nil || cmd.ProcessState.ExitCode() > 0 {
		t.Fatalf("the process ended by itself: %v", err)
	}
	return lines
}

// survived holds a database against what its processes had told.
func survived(t *testing.T, w world, told map[string]map[string]int) {
	t.Helper()
	if len(told["stored"]) < 5 {
		t.Fatalf("the processes stored %d articles before they were killed", len(told["stored"]))
	}
	if w.d.name == sqliteName {
		release, err := w.LockRun(w.ctx)
		must(t, err)
		must(t, release())
	}
	for id := range told["stored"] {
		var n int
		must(t, w.row(w.ctx, `SELECT COUNT(*) FROM article WHERE id = `+id).Scan(&n))
		if n != 1 {
			t.Errorf("article %s was acknowledged and is gone", id)
		}
	}
	for id := range told["marked"] {
		var state string
		must(t, w.row(w.ctx, `SELECT state FROM delivery WHERE id = `+id).Scan(&state))
		if state != "sent" {
			t.Errorf("delivery %s was marked sent and is %s", id, state)
		}
	}
	// Each article is in the outbox once, or still in the window.
	c := got[Counts](t)(w.Counts(w.ctx))
	var deliveries, fates int
	must(t, w.row(w.ctx, `SELECT (SELECT COUNT(*) FROM delivery), (SELECT COUNT(*) FROM fate)`).Scan(&deliveries, &fates))
	if waiting := len(w.window(t, channel, ModeDigest)); deliveries != fates || deliveries+waiting != c.Articles {
		t.Errorf("%d articles: %d deliveries, %d fates, %d in the window", c.Articles, deliveries, fates, waiting)
	}
	must(t, w.Check(w.ctx))
}
