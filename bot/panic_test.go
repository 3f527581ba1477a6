package bot

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/bot/discord"
	"broadsheet/bot/store"
)

// tripping is a Discord that one kind of message makes the client panic.
type tripping struct{ accepting }

func (w tripping) Send(ctx context.Context, channelID int64, m discord.Message, nonce string) (int64, error) {
	if m.Content == "bad" {
		panic("index out of range")
	}
	return w.accepting.Send(ctx, channelID, m, nonce)
}

func TestAMessageThatPanicsHoldsItsChannelUpForMoments(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "panic.db")
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		own, err := store.Open(ctx, file, store.Options{})
		must(err)
		for _, payload := range []string{`{"content":"bad"}`, `{"content":"good"}`} {
			_, err := own.Enqueue(ctx, 1, 2, store.Outgoing{Kind: kindInstant, Payload: []byte(payload)})
			must(err)
		}
		var log strings.Builder
		wire := tripping{accepting{make(chan time.Time, 1)}}
		s := &Sender{store: own, wire: wire, log: slog.New(slog.NewTextHandler(&log, nil)), wake: make(chan struct{}, 1)}
		ended := make(chan error, 1)
		begun := time.Now()
		go func() { ended <- s.Run(ctx) }()
		select {
		case at := <-wire.sent:
			if late := at.Sub(begun); late > deliveryLease {
				t.Errorf("the message after it went out %s later", late)
			}
		case <-time.After(time.Hour):
			t.Error("the message after it is held up for ever")
		}
		synctest.Wait()
		cancel()
		must(<-ended)
		if n := strings.Count(log.String(), "level=ERROR"); n != 1 || !strings.Contains(log.String(), "index out of range") || !strings.Contains(log.String(), "panic_test.go") {
			t.Errorf("%d errors logged, want one with the reason and the place:\n%s", n, &log)
		}
		counts, err := own.Counts(t.Context())
		must(err)
		if counts.PendingDeliveries != 0 {
			t.Errorf("%d deliveries wait for ever", counts.PendingDeliveries)
		}
		must(own.Close())
	})
}
