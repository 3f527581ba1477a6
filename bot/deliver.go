package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"broadsheet/bot/discord"
	"broadsheet/bot/metrics"
	"broadsheet/bot/store"
)

const (
	senderLease   = "sender"
	senderTTL     = 20 * time.Second
	deliveryLease = time.Minute
	sendTimeout   = 15 * time.Second
	recordTimeout = 10 * time.Second
	// Channels are served side by side; within a channel the store hands out
	// one delivery at a time.
	channelsAtOnce = 16
	// Discord remembers a nonce for two minutes. After half of that a repeated
	// send first looks whether the message already stands in the channel.
	nonceTrusted = time.Minute
	// An idle sender looks this often for what another process enqueued.
	idleLook = 30 * time.Second
	// A process that stands by looks this often whether the sender is gone.
	standbyLook = 5 * time.Second
	// What is due may be in another transaction's hands for a moment.
	busyLook = 10 * time.Millisecond
	// A message that panics so often is given up: what comes after it in its
	// channel must not wait for ever.
	maxPanics = 3
	// An outage of hours must end in a post within minutes of Discord's return.
	maxRetryWait = 2 * time.Minute
)

// wire is what the sender needs of bot/discord.
type wire interface {
	Send(ctx context.Context, channelID int64, m discord.Message, nonce string) (int64, error)
	StartPost(ctx context.Context, forumID int64, title string, tags []int64, m discord.Message) (threadID, messageID int64, err error)
	Find(ctx context.Context, channelID int64, since time.Time, mark int) (int64, bool, error)
	Channel(ctx context.Context, id int64) (discord.Channel, error)
}

// Sender delivers what stands in the outbox, in order within each channel,
// until Discord has accepted it or has said for good that it will not.
type Sender struct {
	store   *store.Store
	wire    wire
	metrics *metrics.Metrics
	log     *slog.Logger
	grace   time.Duration
	tell    func(ctx context.Context, guildID int64, notice Notice)
	wake    chan struct{}
	forums  sync.Map // channel id → whether it is a forum
	read    sync.Map // delivery id → until when its channel was read back, in vain
	panics  sync.Map // delivery id → how often it panicked
}

// Wake makes the sender look at the outbox now.
func (s *Sender) Wake() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Run delivers until ctx ends. Sends under way then get the grace period to
// finish; what is not finished stays pending and goes out after the restart
// with the same nonce. It returns an error only when Discord refuses the token.
func (s *Sender) Run(ctx context.Context) error {
	defer func() {
		if err := s.store.DropLease(context.WithoutCancel(ctx), senderLease); err != nil {
			s.log.Warn("sender lease not dropped", "err", err)
		}
	}()
	for ctx.Err() == nil {
		wait, err := s.round(ctx)
		var trouble storeTrouble
		switch {
		case errors.As(err, &trouble):
			if ctx.Err() == nil {
				s.log.Error(trouble.doing, "err", trouble.err)
			}
			wait = idleLook
		case err != nil:
			return err
		}
		if wait > 0 {
			s.rest(ctx, wait)
		}
	}
	return nil
}

// storeTrouble keeps a whole round from happening. What is due stays due, so
// that without a pause the next round would fail at once as well.
type storeTrouble struct {
	doing string
	err   error
}

func (t storeTrouble) Error() string { return t.doing + ": " + t.err.Error() }

func (t storeTrouble) Unwrap() error { return t.err }

// round delivers one batch and returns how long to rest before the next.
func (s *Sender) round(ctx context.Context) (time.Duration, error) {
	at, some, err := s.store.NextDelivery(ctx)
	switch {
	case err != nil:
		return 0, storeTrouble{"outbox not read", err}
	case !some:
		return idleLook, nil
	}
	// What comes next may lie ahead. It is asked for all the same: leasing frees
	// what a dead process had leased, which is due at once then.
	until := func(soonest time.Duration) time.Duration { return min(max(time.Until(at), soonest), idleLook) }
	// Discord counts 50 requests a second for the bot, not for the process.
	held, err := s.store.HoldLease(ctx, senderLease, senderTTL)
	switch {
	case err != nil:
		return 0, storeTrouble{"sender lease not taken", err}
	case !held:
		return until(standbyLook), nil
	}
	batch, err := s.store.LeaseDeliveries(ctx, channelsAtOnce, deliveryLease)
	switch {
	case err != nil:
		return 0, storeTrouble{"deliveries not leased", err}
	case len(batch) == 0:
		return until(busyLook), nil
	}
	group := new(errgroup.Group)
	for _, d := range batch {
		group.Go(func() (err error) {
			defer func() {
				// One message that cannot be handled must not stop the others.
				if p := recover(); p != nil {
					s.panicked(ctx, d, p, debug.Stack())
				}
			}()
			return s.deliver(ctx, d)
		})
	}
	return 0, group.Wait()
}

// rest waits for a wake-up, but not longer than wait.
func (s *Sender) rest(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-s.wake:
	case <-timer.C:
	}
}

// deliver brings one delivery to its next state. Errors of this delivery are
// handled here, so that its siblings go on; only a refused token is returned.
func (s *Sender) deliver(ctx context.Context, d store.Delivery) error {
	// A send that was begun is finished within the grace period: cutting it off
	// would leave open whether Discord took it.
	work, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendTimeout)
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(s.grace, cancel) })()

	var m discord.Message
	if err := json.Unmarshal(d.Payload, &m); err != nil {
		return s.fail(work, d, fmt.Errorf("read payload: %w", err))
	}
	begun := time.Now()
	messageID, err := s.send(work, d, m)
	// What came of it is written down also where the send used up its time.
	record, done := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer done()
	if err == nil {
		s.metrics.Delivery(metrics.Sent, time.Since(begun))
		if err := s.store.MarkSent(record, d.ID, messageID); err != nil {
			// The lease runs out and the same nonce, or the channel's history,
			// answers the repeated send.
			s.log.Error("sent delivery not marked", "delivery", d.ID, "err", err)
		}
		return nil
	}
	return s.settle(record, d, err)
}

// send posts m unless an earlier attempt already did.
func (s *Sender) send(ctx context.Context, d store.Delivery, m discord.Message) (int64, error) {
	forum, err := s.isForum(ctx, d)
	if err != nil {
		return 0, err
	}
	if forum {
		return s.sendToForum(ctx, d, m)
	}
	return s.sendToChannel(ctx, d, m)
}

// sendToChannel posts m in a channel or thread.
func (s *Sender) sendToChannel(ctx context.Context, d store.Delivery, m discord.Message) (int64, error) {
	mark := discord.Mark(d.Nonce)
	m.SetMark(mark)
	if d.Attempt > 1 && time.Since(d.FirstAttempt) > nonceTrusted {
		id, found, err := s.find(ctx, d, mark)
		if err != nil || found {
			return id, err
		}
	}
	return s.wire.Send(ctx, d.ChannelID, m, d.Nonce)
}

// find reads d's channel back. In a busy one that takes several attempts, each
// of which goes on where the one before it ended.
func (s *Sender) find(ctx context.Context, d store.Delivery, mark int) (id int64, found bool, err error) {
	since := d.FirstAttempt.Add(-time.Minute)
	if to, begun := s.read.Load(d.ID); begun {
		since = to.(time.Time)
	}
	id, found, err = s.wire.Find(ctx, d.ChannelID, since, mark)
	var partly *discord.Partly
	if errors.As(err, &partly) {
		s.read.Store(d.ID, partly.To)
		return 0, false, err
	}
	s.read.Delete(d.ID)
	return id, found, err
}

// settle decides what becomes of a delivery that Discord did not accept.
func (s *Sender) settle(ctx context.Context, d store.Delivery, cause error) error {
	var refused *discord.Error
	switch known := errors.As(cause, &refused); {
	case errors.Is(cause, errNoPost):
		return s.fail(ctx, d, cause)
	case !known || refused.Temporary():
		return s.retry(ctx, d, cause)
	case refused.Fatal():
		if err := s.store.RetryDelivery(ctx, d.ID, time.Now(), cause.Error()); err != nil {
			s.log.Error("delivery not put back", "delivery", d.ID, "err", err)
		}
		return fmt.Errorf("deliver: %w", cause)
	case refused.Gone():
		s.metrics.Delivery(metrics.Dropped, 0)
		return s.logged(ctx, "channel not closed", s.store.ChannelGone(ctx, d.ChannelID, cause.Error()))
	case refused.Forbidden() && d.Kind != kindNotice:
		return s.park(ctx, d, cause)
	}
	return s.fail(ctx, d, cause)
}

// panicked puts a delivery back that our own code could not handle, and gives
// it up when that has happened several times.
func (s *Sender) panicked(ctx context.Context, d store.Delivery, p any, stack []byte) {
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer done()
	times := 1
	if before, again := s.panics.Load(d.ID); again {
		times += before.(int)
	}
	cause := fmt.Errorf("panic: %v", p)
	if times < maxPanics {
		s.panics.Store(d.ID, times)
		_ = s.retry(ctx, d, cause) // it logs what goes wrong and returns nothing
		return
	}
	s.panics.Delete(d.ID)
	s.metrics.Delivery(metrics.Failed, 0)
	s.log.Error("delivery given up: it panics", "delivery", d.ID, "channel", d.ChannelID, "times", times, "panic", p, "stack", string(stack))
	_ = s.logged(ctx, "delivery not marked as failed", s.store.MarkFailed(ctx, d.ID, cause.Error()))
}

// retry puts d back for later: after what Discord asked for, or after a wait
// that doubles with each attempt.
func (s *Sender) retry(ctx context.Context, d store.Delivery, cause error) error {
	wait := min(time.Second<<min(d.Attempt, 10), maxRetryWait)
	wait += rand.N(wait / 4)
	var refused *discord.Error
	if errors.As(cause, &refused) && refused.RetryAfter > 0 {
		wait = refused.RetryAfter
	}
	s.metrics.Delivery(metrics.Retried, 0)
	s.log.Warn("delivery will be retried", "delivery", d.ID, "attempt", d.Attempt, "wait", wait, "err", cause)
	err := s.store.RetryDelivery(ctx, d.ID, time.Now().Add(wait), cause.Error())
	return s.logged(ctx, "delivery not put back", err)
}

// park holds everything for a channel where the bot lacks a permission, and
// has an admin told.
func (s *Sender) park(ctx context.Context, d store.Delivery, cause error) error {
	s.metrics.Delivery(metrics.Parked, 0)
	// Parked before it is put back: otherwise it would be due at once, and be
	// refused again at once for as long as parking fails.
	untold, err := s.store.ParkChannel(ctx, d.ChannelID, cause.Error())
	if err != nil {
		return s.logged(ctx, "channel not parked", err)
	}
	if err := s.store.RetryDelivery(ctx, d.ID, time.Now(), cause.Error()); err != nil {
		s.log.Error("delivery not put back", "delivery", d.ID, "err", err)
	}
	if untold {
		s.log.Error("channel parked: permission missing", "channel", d.ChannelID, "err", cause)
		s.tell(ctx, d.GuildID, Notice{ChannelID: d.ChannelID, Kind: noticeForbidden})
	}
	return nil
}

// fail gives d up: Discord will never accept it as it is.
func (s *Sender) fail(ctx context.Context, d store.Delivery, cause error) error {
	s.metrics.Delivery(metrics.Failed, 0)
	s.log.Error("delivery refused", "delivery", d.ID, "channel", d.ChannelID, "err", cause)
	return s.logged(ctx, "delivery not marked as failed", s.store.MarkFailed(ctx, d.ID, cause.Error()))
}

// logged reports a store's error where it is handled: the lease runs out and
// the delivery is tried again.
func (s *Sender) logged(ctx context.Context, what string, err error) error {
	if err != nil && ctx.Err() == nil {
		s.log.Error(what, "err", err)
	}
	return nil
}
