package bot

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/bot/discord"
	"broadsheet/bot/store"
)

// accepting is a Discord that takes every message.
type accepting struct{ sent chan time.Time }

func (a accepting) Send(context.Context, int64, discord.Message, string) (int64, error) {
	a.sent <- time.Now()
	return 1, nil
}

func (accepting) StartPost(context.Context, int64, string, []int64, discord.Message) (int64, int64, error) {
	return 0, 0, errors.New("no forum")
}

func (accepting) Find(context.Context, int64, time.Time, int) (int64, bool, error) {
	return 0, false, nil
}

func (accepting) Channel(_ context.Context, id int64) (discord.Channel, error) {
	return discord.Channel{ID: id, Kind: discord.ChannelText}, nil
}

// Of two processes one sends. The other looks every few seconds whether it is
// still there, also while much is due.
func TestStandbySenderRestsAndTakesOver(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "two.db")
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		open := func() *store.Store {
			s, err := store.Open(ctx, file, store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		holder, own := open(), open()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		if held, err := holder.HoldLease(ctx, senderLease, senderTTL); err != nil || !held {
			t.Fatalf("the other process is not the sender: %v, %v", held, err)
		}
		_, err := own.Enqueue(ctx, 1, 2, store.Outgoing{Kind: kindInstant, Payload: []byte(`{"content":"hello"}`)})
		must(err)
		discord := accepting{make(chan time.Time, 1)}
		s := &Sender{store: own, wire: discord, log: slog.New(slog.DiscardHandler), wake: make(chan struct{}, 1)}
		if wait, err := s.round(ctx); wait != standbyLook || err != nil {
			t.Fatalf("round beside another sender = %v, %v; want to stand by for %v", wait, err, standbyLook)
		}
		ended := make(chan error, 1)
		go func() { ended <- s.Run(ctx) }()
		time.Sleep(senderTTL / 2)
		if len(discord.sent) != 0 {
			t.Error("sent beside another sender")
		}
		died := time.Now()
		must(holder.DropLease(ctx, senderLease))
		if late := (<-discord.sent).Sub(died); late > standbyLook {
			t.Errorf("took over after %s", late)
		}
		cancel()
		must(<-ended)
		must(own.Close())
		must(holder.Close())
	})
}
