package bot_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"broadsheet/bot/discord"
	"broadsheet/bot/discordsim"
	"broadsheet/bot/store"
)

// direct are the texts of what the bot wrote to the admin privately.
func (w *town) direct() []string {
	w.t.Helper()
	var all []string
	for _, m := range w.sim.DirectMessages(w.admin) {
		all = append(all, texts(w.t, m.JSON))
	}
	return all
}

func TestMissingPermissionParksTheChannelAndIsToldOnce(t *testing.T) {
	t.Parallel()
	const reads = discordsim.ViewChannel | discordsim.ReadMessageHistory
	for name, row := range map[string]struct {
		left int64  // what the bot may still do in the channel
		want string // named in the message to the admin
	}{
		"the channel is hidden":  {0, "View Channel"},
		"the bot may read alone": {reads, "Send Messages"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inTown(t, func(w *town) {
				post := w.harbourPost()
				w.sim.SetPermissions(w.channel, row.left)
				w.until(eight.Add(30 * time.Minute))
				post.publish("lamp", "Lighthouse gets a new lamp", "the lighthouse lamp")
				w.until(eight.Add(24*time.Hour + 30*time.Minute))
				w.wantPosts(0)
				told := w.direct()
				if len(told) != 1 || !strings.Contains(told[0], row.want) {
					w.t.Errorf("the admin was told %d times, want once and of %s:\n%s", len(told), row.want, strings.Join(told, "\n---\n"))
				}
				w.pending(1) // the second digest waits to be printed
				if n := w.sends(); n > 2 {
					w.t.Errorf("%d sends to a channel where the bot may not post", n)
				}
				w.stop()
				w.start()
				w.pass(10 * time.Minute)
				w.wantPosts(0)
				if n := len(w.direct()); n != 1 {
					w.t.Errorf("the admin was told %d times after a restart", n)
				}
				w.sim.SetPermissions(w.channel, -1)
				w.pass(time.Minute)
				w.wantPosts(2)
				w.pending(0)
				for _, title := range []string{"Bridge closes for two years", "Lighthouse gets a new lamp"} {
					if n := w.messages(title); n != 1 {
						w.t.Errorf("%q stands in %d messages, want one", title, n)
					}
				}
			})
		})
	}
}

// Only an admin can mend it, so the admin must come to know.
func TestMissingPermissionIsToldOnceThatIsPossible(t *testing.T) {
	t.Parallel()
	const opens = "POST /users/@me/channels"
	for name, row := range map[string]struct {
		fail func(w *town)
		told int // once Discord is well again
	}{
		"Discord fails for a while": {func(w *town) { w.sim.Fail(opens, http.StatusServiceUnavailable, discordsim.Forever) }, 1},
		"the bot ends before it could be told": {func(w *town) {
			w.sim.Fail(opens, http.StatusServiceUnavailable, discordsim.Forever)
			w.until(eight.Add(time.Minute))
			w.stop()
			w.start()
		}, 1},
		"the admin takes no messages": {func(w *town) { w.sim.FailCode(opens, http.StatusForbidden, 50007, discordsim.Forever) }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inTown(t, func(w *town) {
				w.harbourPost()
				w.sim.SetPermissions(w.channel, discordsim.ViewChannel|discordsim.ReadMessageHistory)
				row.fail(w)
				w.until(eight.Add(time.Hour))
				if n := len(w.direct()); n != 0 {
					w.t.Errorf("told %d times through a channel that cannot be opened", n)
				}
				w.sim.ClearFaults()
				w.pass(2 * time.Hour)
				if told := w.direct(); len(told) != row.told {
					w.t.Errorf("the admin was told %d times, want %d:\n%s", len(told), row.told, strings.Join(told, "\n---\n"))
				}
			})
		})
	}
}

// Whoever grants the permission while the bot is away tells nobody.
func TestPermissionGrantedWhileTheBotIsAwayReleasesTheChannel(t *testing.T) {
	t.Parallel()
	for name, away := range map[string]func(w *town, grant func()){
		"not running": func(w *town, grant func()) {
			w.stop()
			grant()
			w.pass(time.Hour)
			w.start()
		},
		"not connected": func(w *town, grant func()) {
			w.sim.Outage(true)
			w.pass(time.Hour)
			grant()
			w.sim.InvalidateSession(false)
			w.sim.Outage(false)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inTown(t, func(w *town) {
				w.harbourPost()
				w.sim.SetPermissions(w.channel, discordsim.ViewChannel)
				w.until(eight.Add(time.Minute))
				w.wantPosts(0)
				away(w, func() { w.sim.SetPermissions(w.channel, discordsim.InvitePermissions) })
				w.pass(20 * time.Minute)
				w.wantPosts(1)
				w.pending(0)
			})
		})
	}
}

func TestRefusedTokenEndsTheBotAndKeepsWhatWaits(t *testing.T) {
	t.Parallel()
	for name, refuse := range map[string]func(w *town){
		"when the gateway is opened again": func(w *town) {
			w.sim.Fail(sends, http.StatusServiceUnavailable, discordsim.Forever)
			w.until(eight.Add(time.Minute))
			w.sim.RefuseGateway(4004, 1)
			w.sim.CutGateway()
		},
		"when a digest is sent": func(w *town) {
			w.sim.FailCode(sends, http.StatusUnauthorized, 0, discordsim.Forever)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inTown(t, func(w *town) {
				w.harbourPost()
				refuse(w)
				var refused *discord.Error
				if err := <-w.ended; !errors.As(err, &refused) || !refused.WrongToken() {
					w.t.Errorf("the bot ended with %v, want that Discord refuses the token", err)
				}
				w.cancel = nil
				w.pending(1)
				w.wantPosts(0)
				w.sim.ClearFaults()
				w.start()
				w.pass(5 * time.Minute)
				w.wantPosts(1)
				w.pending(0)
			})
		})
	}
}

// smallDisk mounts a file system of the size of a toy.
func smallDisk(t *testing.T, size string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "mount", "-t", "tmpfs", "-o", "size="+size, "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("needs the right to mount a small file system: %v: %s", err, out)
	}
	t.Cleanup(func() {
		// t.Context has ended by now.
		if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("unmount %s: %v: %s", dir, err, out)
		}
	})
	return dir
}

// fill takes what room is left on the disk of dir and returns how to free it.
func fill(t *testing.T, dir string) (free func()) {
	t.Helper()
	path := filepath.Join(dir, "ballast")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(f, endlessZeros{}); err == nil {
		t.Fatal("the disk does not fill")
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := os.Remove(path); err != nil {
			t.Error(err)
		}
	}
}

type endlessZeros struct{}

func (endlessZeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestFullDiskStopsStoringAndLosesNothing(t *testing.T) {
	t.Parallel()
	dir := smallDisk(t, "4m")
	inTownOn(t, dir, monday, func(w *town) {
		post := w.harbourPost()
		free := fill(w.t, dir)
		post.publish("lamp", "Lighthouse gets a new lamp", "the lighthouse lamp")
		w.until(eight.Add(3 * time.Hour))
		w.wantPosts(0) // what cannot be marked as sent may not be sent
		answer := w.slash("feeds pause", map[string]any{"feed": "Harbour Post"})
		if !strings.Contains(answer, "disk") {
			w.t.Errorf("/feeds pause on a full disk answered:\n%s", answer)
		}
		if n := strings.Count(w.logged.String(), "the disk is full"); n == 0 || n > 3*60*10 {
			w.t.Errorf("the log tells %d times in three hours that the disk is full", n)
		}
		if answer := w.slash("news latest", nil); !strings.Contains(answer, "Bridge closes") {
			w.t.Errorf("/news latest on a full disk answered:\n%s", answer)
		}
		free()
		w.pass(30 * time.Minute)
		w.wantPosts(1) // of what was stored while there was room
		if answer := w.slash("news latest", nil); !strings.Contains(answer, "Lighthouse gets a new lamp") {
			w.t.Errorf("polling did not go on by itself:\n%s", answer)
		}
		w.skip(day)
		for _, title := range []string{"Bridge closes for two years", "Lighthouse gets a new lamp"} {
			if n := w.messages(title); n != 1 {
				w.t.Errorf("%q stands in %d messages, want one:\n%s", title, n, strings.Join(w.posts(), "\n---\n"))
			}
		}
		w.pending(0)
	})
}

// The disk fills when the digest stands in the outbox already: its send must
// neither be repeated nor be tried again and again without a pause.
func TestDiskThatFillsBeforeASendDelaysIt(t *testing.T) {
	t.Parallel()
	dir := smallDisk(t, "4m")
	inTownOn(t, dir, monday, func(w *town) {
		w.harbourPost()
		w.sim.Fail(sends, http.StatusServiceUnavailable, 3)
		w.until(eight.Add(5 * time.Second))
		w.pending(1)
		free := fill(w.t, dir)
		w.pass(2 * time.Hour)
		if n := strings.Count(w.logged.String(), "deliveries not leased"); n == 0 || n > 2*60*60/5 {
			w.t.Errorf("%d rounds of the sender failed in two hours, want one every few seconds", n)
		}
		free()
		w.pass(5 * time.Minute)
		w.wantPosts(1)
		w.pending(0)
	})
}

// The disk fills while Discord takes the digest: that it was sent cannot be
// written down, and it must not be sent again.
func TestDiskThatFillsDuringASendRepeatsNothing(t *testing.T) {
	t.Parallel()
	dir := smallDisk(t, "4m")
	inTownOn(t, dir, monday, func(w *town) {
		w.harbourPost()
		w.sim.Delay(sends, 5*time.Second, 1)
		w.until(eight.Add(2 * time.Second))
		free := fill(w.t, dir)
		w.pass(20 * time.Minute)
		w.wantPosts(1)
		if !strings.Contains(w.logged.String(), "sent delivery not marked") {
			w.t.Error("the disk was not full when the send was to be written down")
		}
		free()
		w.pass(20 * time.Minute)
		w.wantPosts(1)
		w.pending(0)
	})
}

// In place of a feed: what is no feed is told with a sentence, follows nobody
// and costs no memory.
func TestWhatIsNoFeedIsRefusedWithASentence(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		for host, row := range map[string]struct {
			answer http.Handler
			want   string
		}{
			"page.example":    {written("text/html", "", []byte("<!doctype html><html><body><p>For sale.</p></body></html>")), "no feed"},
			"binary.example":  {written("application/rss+xml", "", bytes.Repeat([]byte("\x7fELF\x00\x01"), 1000)), "no feed"},
			"bomb.example":    {written("application/rss+xml", "gzip", bomb(t)), "large"},
			"private.example": {http.RedirectHandler("http://192.168.0.1/feed.xml?token=hidden", http.StatusFound), "private"},
		} {
			w.web.serve(host, row.answer)
			answer := w.slash("feeds add", map[string]any{"url": "https://" + host + "/feed.xml"})
			if !strings.Contains(strings.ToLower(answer), row.want) || strings.Contains(answer, "hidden") {
				w.t.Errorf("/feeds add %s answered, want %q:\n%s", host, row.want, answer)
			}
		}
		s, err := store.Open(w.t.Context(), w.cfg.Database, store.Options{ReadOnly: true})
		if err != nil {
			w.t.Fatal(err)
		}
		subscriptions, err := s.Subscriptions(w.t.Context(), store.SubscriptionFilter{})
		if err := errors.Join(err, s.Close()); err != nil || len(subscriptions) > 0 {
			w.t.Errorf("%d subscriptions were made, %v", len(subscriptions), err)
		}
		w.wantPosts(0)
	})
}

func written(contentType, encoding string, body []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		if encoding != "" {
			w.Header().Set("Content-Encoding", encoding)
		}
		_, _ = w.Write(body) // to memory
	})
}

// bomb is a feed that is a thousand times as large as what is sent.
func bomb(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := io.Copy(z, io.MultiReader(strings.NewReader(`<?xml version="1.0"?><rss version="2.0"><channel><title>`), io.LimitReader(endlessZeros{}, 64<<20)))
	if err := errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
