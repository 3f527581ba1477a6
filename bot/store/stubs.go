package store

import (
	"context"
	"errors"
	"time"

	"broadsheet/feeds"
)

func (s *Store) LockRun(ctx context.Context) (release func() error, err error) {
	err = errors.ErrUnsupported
	return
}

func (s *Store) SaveGuild(ctx context.Context, g Guild) (_r0 error) {
	_r0 = errors.ErrUnsupported
	return
}

func (s *Store) Guild(ctx context.Context, id int64) (_r0 Guild, _r1 error) {
	_r1 = errors.ErrUnsupported
	return
}

func (s *Store) GuildGone(ctx context.Context, id int64) (_r0 error) {
	_r0 = errors.ErrUnsupported
	return
}

func (s *Store) ChannelGone(ctx context.Context, channelID int64, why string) (_r0 error) {
	_r0 = errors.ErrUnsupported
	return
}

func (s *Store) ParkChannel(ctx context.Context, channelID int64, why string) (first bool, err error) {
	err = errors.ErrUnsupported
	return
}

func (s *Store) UnparkChannel(ctx context.Context, channelID int64) (_r0 error) {
	_r0 = errors.ErrUnsupported
	return
}

func (s *Store) Parked(ctx context.Context, channelID int64) (why string, parked bool, err error) {
	err = errors.ErrUnsupported
	return
}

func (s *Store) AddFeed(ctx context.Context, url, title string) (_r0 Feed, _r1 bool, _r2 error) {
	_r2 = errors.ErrUnsupported
	return
}

func (s *Store) Feed(ctx context.Context, id int64) (_r0 Feed, _r1 error) {
	_r1 = errors.ErrUnsupported
	return
}

func (s *Store) FeedByURL(ctx context.Context, url string) (_r0 Feed, _r1 error) {
	_r1 = errors.ErrUnsupported
	return
}

func (s *Store) LeaseDueFeeds(ctx context.Context, n int, ttl time.Duration) (_r0 []Feed, _r1 error) {
	_r1 = errors.ErrUnsupported
	return
}

func (s *Store) LeaseFeeds(ctx context.Context, n int, afterID int64, ttl time.Duration) (_r0 []Feed, _r1 error) {
	_r1 = errors.ErrUnsupported
	return
}

func (s *Store) LeaseFeed(ctx context.Context, id int64, ttl time.Duration) (_r0 Feed, _r1 error) {
	_r1 = errors.ErrUnsupported
	return
}

func (s *Store) KnownKeys(ctx context.Context, feedID int64) (_r0 map[feeds.Key]bool, _r1 error) {
	_r1 = errors.ErrUnsupported
	return
}

func (s *Store) RecordVisits(ctx context.Context, records []VisitRecord) (_r0 []Recorded, _r1 error) {
	_r1 = errors.ErrUnsupported
	return
}

func (s *Store) SetFeedPaused(ctx context.Context, id int64, paused bool) (_r0 error) {
	_r0 = errors.ErrUnsupported
	return
}

func (s *Store) Subscribe(ctx context.Context, sub Subscription, b Backlog) (_r0 Subscription, _r1 error) {
	_r1 = errors.ErrUnsupported
	return
}

func (s *Store) SetBacklog(ctx context.Context, subID int64, b Backlog) (_r0 error) {
	_r0 = errors.ErrUnsupported
	return
}

func (s *Store) UpdateSubscription(ctx context.Context, sub Subscription) (_r0 error) {
	_r0 = errors.ErrUnsupported
	return
}

func (s *Store) Unsubscribe(ctx context.Context, id int64) (_r0 Subscription, _r1 error) {
	_r1 = errors.ErrUnsupported
	return
}

func (s *Store) Subscriptions(ctx context.Context, f SubscriptionFilter) (_r0 []Subscription, _r1 error) {
	_r1 = errors.ErrUnsupported
	return
}

func (s *Store) SuggestSubscriptions(ctx context.Context, guildID int64, prefix string, limit int) (_r0 []Subscription, _r1 error) {
	_r1 = errors.ErrUnsupported
	return
}

func (s *Store) CreateDigest(ctx context.Context, dg Digest) (_r0 Digest, _r1 error) {
	_r1 = errors.ErrUnsupported
	return
}

func (s *Store) UpdateDigest(ctx context.Context, dg Digest) (_r0 error) {
	_r0 = errors.ErrUnsupported
	return
}

func (s *Store) DeleteDigest(ctx context.Context, id int64) (_r0 error) {
	_r0 = errors.ErrUnsupported
	return
}

func (s *Store) Digest(ctx context.Context, id int64) (_r0 Digest, _r1 error) {
	_r1 = errors.ErrUnsupported
	return
}

func (s *Store) Digests(ctx context.Context, f DigestFilter) (_r0 []Digest, _r1 error) {
	_r1 = errors.ErrUnsupported
	return
}

func (s *Store) LeaseDueDigests(ctx context.Context, n int, ttl time.Duration) (_r0 []Digest, _r1 error) {
	_r1 = errors.ErrUnsupported
	return
}

func (s *Store) LeaseDigest(ctx context.Context, id int64, ttl time.Duration) (_r0 Digest, _r1 error) {
	_r1 = errors.ErrUnsupported
	return
}

func (s *Store) ReleaseDigest(ctx context.Context, id int64, next time.Time) (_r0 error) {
	_r0 = errors.ErrUnsupported
	return
}

func (s *Store) Window(ctx context.Context, channelID int64, mode Mode) (_r0 Window, _r1 error) {
	_r1 = errors.ErrUnsupported
	return
}

func (s *Store) Printed(ctx context.Context, channelID int64, since time.Time) (_r0 []Article, _r1 error) {
	_r1 = errors.ErrUnsupported
	return
}

func (s *Store) PendingInstant(ctx context.Context, limit int) (_r0 []int64, _r1 error) {
	_r1 = errors.ErrUnsupported
	return
}

func (s *Store) Publish(ctx context.Context, e Edition) (deliveries []int64, err error) {
	err = errors.ErrUnsupported
	return
}

func (s *Store) Enqueue(ctx context.Context, guildID, channelID int64, m Outgoing) (_r0 int64, _r1 error) {
	_r1 = errors.ErrUnsupported
	return
}

func (s *Store) LeaseDeliveries(ctx context.Context, n int, ttl time.Duration) (_r0 []Delivery, _r1 error) {
	_r1 = errors.ErrUnsupported
	return
}

func (s *Store) MarkSent(ctx context.Context, id, messageID int64) (_r0 error) {
	_r0 = errors.ErrUnsupported
	return
}

func (s *Store) RetryDelivery(ctx context.Context, id int64, at time.Time, why string) (_r0 error) {
	_r0 = errors.ErrUnsupported
	return
}

func (s *Store) MarkFailed(ctx context.Context, id int64, why string) (_r0 error) {
	_r0 = errors.ErrUnsupported
	return
}

func (s *Store) NextDelivery(ctx context.Context) (_r0 time.Time, _r1 bool, _r2 error) {
	_r2 = errors.ErrUnsupported
	return
}

func (s *Store) HoldLease(ctx context.Context, name string, ttl time.Duration) (_r0 bool, _r1 error) {
	_r1 = errors.ErrUnsupported
	return
}

func (s *Store) DropLease(ctx context.Context, name string) (_r0 error) {
	_r0 = errors.ErrUnsupported
	return
}

func (s *Store) Article(ctx context.Context, id int64) (_r0 Article, _r1 error) {
	_r1 = errors.ErrUnsupported
	return
}

func (s *Store) LeaseTeasers(ctx context.Context, n int, ttl time.Duration) (_r0 []Article, _r1 error) {
	_r1 = errors.ErrUnsupported
	return
}

func (s *Store) RecordPage(ctx context.Context, articleID int64, r PageResult) (_r0 error) {
	_r0 = errors.ErrUnsupported
	return
}

func (s *Store) PendingTeasers(ctx context.Context, channelID int64) (_r0 int, _r1 error) {
	_r1 = errors.ErrUnsupported
	return
}

func (s *Store) SaveSummary(ctx context.Context, articleID int64, mode string, sentences []string) (_r0 error) {
	_r0 = errors.ErrUnsupported
	return
}

func (s *Store) Summary(ctx context.Context, articleID int64, mode string) (_r0 []string, _r1 bool, _r2 error) {
	_r2 = errors.ErrUnsupported
	return
}

func (s *Store) Search(ctx context.Context, q Query) (hits []Hit, total int, err error) {
	err = errors.ErrUnsupported
	return
}

func (s *Store) SuggestTitles(ctx context.Context, guildID int64, prefix string, limit int) (_r0 []Article, _r1 error) {
	_r1 = errors.ErrUnsupported
	return
}

func (s *Store) Latest(ctx context.Context, q Query) (_r0 []Article, _r1 int, _r2 error) {
	_r2 = errors.ErrUnsupported
	return
}

func (s *Store) Save(ctx context.Context, userID, articleID int64) (_r0 error) {
	_r0 = errors.ErrUnsupported
	return
}

func (s *Store) Unsave(ctx context.Context, userID, articleID int64) (_r0 error) {
	_r0 = errors.ErrUnsupported
	return
}

func (s *Store) Saved(ctx context.Context, userID int64, limit, offset int) (_r0 []Article, _r1 int, _r2 error) {
	_r2 = errors.ErrUnsupported
	return
}

func (s *Store) Vote(ctx context.Context, guildID, userID, articleID int64, v int) (_r0 error) {
	_r0 = errors.ErrUnsupported
	return
}

func (s *Store) Why(ctx context.Context, guildID, articleID int64) (_r0 Path, _r1 error) {
	_r1 = errors.ErrUnsupported
	return
}

func (s *Store) Counts(ctx context.Context) (_r0 Counts, _r1 error) {
	_r1 = errors.ErrUnsupported
	return
}

func (s *Store) Prune(ctx context.Context, before time.Time, limit int) (_r0 int, _r1 error) {
	_r1 = errors.ErrUnsupported
	return
}

func (s *Store) Backup(ctx context.Context, path string) (_r0 error) {
	_r0 = errors.ErrUnsupported
	return
}

func (s *Store) Maintain(ctx context.Context) (_r0 error) { _r0 = errors.ErrUnsupported; return }

func (s *Store) Close() (_r0 error) { _r0 = errors.ErrUnsupported; return }

type stmtKey struct{}
type dialect struct{}
type liveness struct{}

// Open opens the database at url: a path, sqlite:PATH or postgres://….
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	return nil, errors.ErrUnsupported
}
