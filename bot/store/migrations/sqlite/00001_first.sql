-- +goose Up

-- Every time is in milliseconds since 1970 (UTC), 0 for never; every boolean
-- is 0 or 1; every id of Discord's is its snowflake. A lease is free while
-- lease_until lies in the past.

-- Facts about the database itself.
CREATE TABLE meta (
    key   TEXT NOT NULL PRIMARY KEY, -- "install": the random name of this database
    value TEXT NOT NULL
) WITHOUT ROWID;

-- Discord servers.
CREATE TABLE guild (
    id       INTEGER NOT NULL PRIMARY KEY, -- snowflake
    name     TEXT    NOT NULL,             -- as Discord told it last
    locale   TEXT    NOT NULL,             -- as Discord told it last, such as "en-US"
    timezone TEXT    NOT NULL,             -- IANA name an admin chose, '' for none
    gone     INTEGER NOT NULL DEFAULT 0    -- the bot has been removed
);

-- Channels something was ever sent to or planned for.
CREATE TABLE channel (
    id         INTEGER NOT NULL PRIMARY KEY, -- snowflake
    guild_id   INTEGER NOT NULL,             -- its guild, 0 for direct messages
    gone       INTEGER NOT NULL DEFAULT 0,   -- deleted at Discord's
    gone_why   TEXT    NOT NULL DEFAULT '',
    parked     INTEGER NOT NULL DEFAULT 0,   -- held up by a missing permission: deliveries wait
    parked_why TEXT    NOT NULL DEFAULT '',
    parked_at  INTEGER NOT NULL DEFAULT 0,   -- since when nothing gets out; 0 once something has been posted
    told       INTEGER NOT NULL DEFAULT 0    -- an admin has been told of that, or nobody can be
);
CREATE INDEX channel_guild ON channel (guild_id);

-- Feeds, each once however many channels follow it. The row is the polling job.
CREATE TABLE feed (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    url             TEXT    NOT NULL UNIQUE,       -- where it is fetched
    title           TEXT    NOT NULL,              -- as its document says
    site_url        TEXT    NOT NULL DEFAULT '',   -- the site it belongs to
    language        TEXT    NOT NULL DEFAULT '',   -- BCP 47, as claimed
    kind            TEXT    NOT NULL DEFAULT '',   -- rss2.0, atom1.0 …
    polled          INTEGER NOT NULL DEFAULT 1,    -- somebody wants it: subscriptions, or an import without a channel
    paused          INTEGER NOT NULL DEFAULT 0,    -- not to be visited, after a month of failures
    gone            INTEGER NOT NULL DEFAULT 0,    -- the publisher ended it (410)
    etag            TEXT    NOT NULL DEFAULT '',   -- validator, verbatim
    last_modified   TEXT    NOT NULL DEFAULT '',   -- validator, verbatim
    validated       TEXT    NOT NULL DEFAULT '',   -- where the validators came from; '' url
    body_hash       INTEGER NOT NULL DEFAULT 0,    -- of the last body that was parsed
    redirect        TEXT    NOT NULL DEFAULT '',   -- where permanent redirects lead
    redirects       INTEGER NOT NULL DEFAULT 0,    -- on how many visits in a row
    redirect_since  INTEGER NOT NULL DEFAULT 0,
    failures        INTEGER NOT NULL DEFAULT 0,    -- failed visits in a row
    interval_ms     INTEGER NOT NULL DEFAULT 0,    -- between visits, by the feed's rhythm
    pace_ms         INTEGER NOT NULL DEFAULT 0,    -- mean time between the items of the last document; 0 unknown
    skip            INTEGER NOT NULL DEFAULT 0,    -- feeds.Skip: hours and days on which nothing is published
    next_poll       INTEGER NOT NULL DEFAULT 0,    -- due from then on
    last_poll       INTEGER NOT NULL DEFAULT 0,
    last_ok         INTEGER NOT NULL DEFAULT 0,    -- last visit that succeeded
    failing_since   INTEGER NOT NULL DEFAULT 0,    -- first failed visit after last_ok
    wait_until      INTEGER NOT NULL DEFAULT 0,    -- its server asked not to be visited before (Retry-After)
    last_error      TEXT    NOT NULL DEFAULT '',   -- a sentence
    last_error_kind TEXT    NOT NULL DEFAULT '',   -- feeds.Kind
    newest          INTEGER NOT NULL DEFAULT 0,    -- largest article id of this feed
    newest_at       INTEGER NOT NULL DEFAULT 0,    -- when it was stored
    gap_at          INTEGER NOT NULL DEFAULT 0,    -- when the document last held nothing known: items may be missing
    gap_items       INTEGER NOT NULL DEFAULT 0,    -- how many, by the feed's pace
    told            TEXT    NOT NULL DEFAULT '',   -- what its admins have been told: failing, stopped, silent; '' nothing
    pages_from      INTEGER NOT NULL DEFAULT 0,    -- since when pages_used counts
    pages_used      INTEGER NOT NULL DEFAULT 0,    -- of the feed's budget of pages
    created_at      INTEGER NOT NULL,
    lease_owner     INTEGER NOT NULL DEFAULT 0,
    lease_until     INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX feed_due ON feed (next_poll) WHERE polled = 1 AND paused = 0 AND gone = 0;
CREATE INDEX feed_failing ON feed (failing_since) WHERE failing_since > 0;

-- Addresses a feed had before it moved.
CREATE TABLE feed_alias (
    url     TEXT    NOT NULL PRIMARY KEY,
    feed_id INTEGER NOT NULL REFERENCES feed (id)
) WITHOUT ROWID;

-- Articles. Ids of one feed are in the order of their commits.
CREATE TABLE article (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    feed_id     INTEGER NOT NULL,
    published   INTEGER NOT NULL,             -- as the publisher says, else 0
    updated     INTEGER NOT NULL,
    seen        INTEGER NOT NULL,             -- when it was stored
    teaser      INTEGER NOT NULL,             -- the text is only a beginning
    page_state  TEXT    NOT NULL DEFAULT '',  -- completing it from its page: '', waiting, done, failed
    guid        TEXT    NOT NULL,             -- the publisher's id, verbatim
    title       TEXT    NOT NULL,
    link        TEXT    NOT NULL,
    author      TEXT    NOT NULL,
    language    TEXT    NOT NULL,
    image       TEXT    NOT NULL,
    categories  TEXT    NOT NULL,             -- JSON array of strings
    page_reason TEXT    NOT NULL DEFAULT '',  -- why page_state is failed
    page_etag   TEXT    NOT NULL DEFAULT '',  -- validators of the page whose text was taken
    page_modified TEXT  NOT NULL DEFAULT '',
    content     INTEGER NOT NULL DEFAULT 0,   -- hash of what the feed last said: an edit changes it
    edited      INTEGER NOT NULL DEFAULT 0    -- when an edit was last taken over
);
CREATE INDEX article_feed ON article (feed_id, id);
CREATE INDEX article_seen ON article (seen);

-- Their texts, apart so that lists do not read them.
CREATE TABLE article_text (
    article_id INTEGER NOT NULL PRIMARY KEY,
    hash       INTEGER NOT NULL,              -- xxhash64 of the text: tells silent damage of the disk
    body       BLOB    NOT NULL               -- zstd of the plain text
);

-- Keys by which a feed's items are known again. They outlive the articles:
-- an old item that is still in the feed must not come back as new.
CREATE TABLE item_key (
    feed_id    INTEGER NOT NULL,
    key        INTEGER NOT NULL,              -- feeds.Key
    article_id INTEGER NOT NULL,              -- perhaps pruned since
    PRIMARY KEY (feed_id, key)
) WITHOUT ROWID;

-- Teasers whose page is still to be fetched. The row is the job.
CREATE TABLE page (
    article_id  INTEGER NOT NULL PRIMARY KEY,
    due         INTEGER NOT NULL,
    lease_owner INTEGER NOT NULL DEFAULT 0,
    lease_until INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX page_due ON page (due);

-- Blocks of text that the articles of a host repeat: what several have is
-- furniture of the site and none of their text.
CREATE TABLE site_block (
    host     TEXT    NOT NULL,
    block    INTEGER NOT NULL,                 -- hash of the folded text
    articles INTEGER NOT NULL,                 -- in how many it was seen
    seen     INTEGER NOT NULL,                 -- when last
    PRIMARY KEY (host, block)
) WITHOUT ROWID;
CREATE INDEX site_block_seen ON site_block (seen, articles);

-- Which channel follows which feed, and how far it has read.
CREATE TABLE subscription (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id         INTEGER NOT NULL,
    channel_id       INTEGER NOT NULL,
    feed_id          INTEGER NOT NULL REFERENCES feed (id),
    mode             TEXT    NOT NULL,           -- digest, instant
    title            TEXT    NOT NULL,           -- the channel's own name for it, ''
    paused           INTEGER NOT NULL,
    weight           INTEGER NOT NULL,
    start            INTEGER NOT NULL,           -- the cursor it began with
    cursor           INTEGER NOT NULL,           -- articles up to this id are taken, save those in backlog
    fresh            INTEGER NOT NULL,           -- the feed has not been read yet: its first visit sets the cursor
    backlog_articles INTEGER NOT NULL,           -- for a fresh one: how many old articles it may print
    backlog_age      INTEGER NOT NULL,           -- and how old, in ms; 0 is any age
    created_by       INTEGER NOT NULL,           -- a user's snowflake
    created_at       INTEGER NOT NULL,
    UNIQUE (channel_id, feed_id)
);
CREATE INDEX subscription_feed ON subscription (feed_id);
CREATE INDEX subscription_guild ON subscription (guild_id);

-- Articles at or below a cursor that are not taken all the same.
CREATE TABLE backlog (
    subscription_id INTEGER NOT NULL REFERENCES subscription (id) ON DELETE CASCADE,
    article_id      INTEGER NOT NULL,
    PRIMARY KEY (subscription_id, article_id)
) WITHOUT ROWID;
CREATE INDEX backlog_article ON backlog (article_id);

-- What each channel has not taken yet.
CREATE VIEW untaken AS
SELECT s.id AS subscription_id, s.channel_id, s.guild_id, s.mode, s.paused, s.weight, a.feed_id, a.id AS article_id
  FROM subscription s JOIN article a ON a.feed_id = s.feed_id AND a.id > s.cursor
UNION ALL
SELECT s.id, s.channel_id, s.guild_id, s.mode, s.paused, s.weight, s.feed_id, b.article_id
  FROM subscription s JOIN backlog b ON b.subscription_id = s.id;

-- Digests. The row is the job.
CREATE TABLE digest (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id    INTEGER NOT NULL,
    channel_id  INTEGER NOT NULL,
    name        TEXT    NOT NULL,
    name_key    TEXT    NOT NULL,             -- the name, folded: unique in its guild
    schedule    TEXT    NOT NULL,
    timezone    TEXT    NOT NULL,
    locale      TEXT    NOT NULL,
    options     TEXT    NOT NULL,             -- JSON, opaque here
    next_run    INTEGER NOT NULL,
    last_sent   INTEGER NOT NULL DEFAULT 0,
    edition     INTEGER NOT NULL DEFAULT 0,   -- editions printed
    paused      INTEGER NOT NULL,
    declared    INTEGER NOT NULL,             -- comes from the configuration file
    created_by  INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    lease_owner INTEGER NOT NULL DEFAULT 0,
    lease_until INTEGER NOT NULL DEFAULT 0,
    UNIQUE (guild_id, name_key)
);
CREATE INDEX digest_due ON digest (next_run) WHERE paused = 0;
CREATE INDEX digest_channel ON digest (channel_id);

-- Printings: what used articles up.
CREATE TABLE edition (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    digest_id  INTEGER NOT NULL,              -- 0 for instant posts
    channel_id INTEGER NOT NULL,
    ordinal    INTEGER NOT NULL,              -- the digest's edition number, 0 if nothing was printed
    created_at INTEGER NOT NULL
);
CREATE INDEX edition_created ON edition (created_at);
CREATE INDEX edition_digest ON edition (digest_id, ordinal);

-- What became of each article in each channel. The key is the guard: nothing is printed twice.
CREATE TABLE fate (
    channel_id INTEGER NOT NULL,
    article_id INTEGER NOT NULL,
    feed_id    INTEGER NOT NULL,
    edition_id INTEGER NOT NULL,
    seq        INTEGER NOT NULL,              -- position in its edition
    fate       TEXT    NOT NULL,              -- card, line, counted, joined, filtered, skipped
    story_lead INTEGER NOT NULL,              -- the article that leads its story, 0 for a lead
    detail     TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (channel_id, article_id)
) WITHOUT ROWID;
CREATE INDEX fate_article ON fate (article_id);
CREATE INDEX fate_edition ON fate (edition_id);

-- The outbox.
CREATE TABLE delivery (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id      INTEGER NOT NULL,
    channel_id    INTEGER NOT NULL,
    edition_id    INTEGER NOT NULL,           -- 0 outside editions
    seq           INTEGER NOT NULL,           -- position in its edition
    kind          TEXT    NOT NULL,           -- digest, instant, notice
    state         TEXT    NOT NULL,           -- pending, sent, failed, dropped
    attempt       INTEGER NOT NULL DEFAULT 0, -- leases so far
    first_attempt INTEGER NOT NULL DEFAULT 0,
    due           INTEGER NOT NULL,           -- not before
    message_id    INTEGER NOT NULL DEFAULT 0, -- Discord's, once sent
    why           TEXT    NOT NULL DEFAULT '',
    created_at    INTEGER NOT NULL,
    done_at       INTEGER NOT NULL DEFAULT 0, -- sent or given up
    lease_owner   INTEGER NOT NULL DEFAULT 0,
    lease_until   INTEGER NOT NULL DEFAULT 0,
    payload       BLOB    NOT NULL            -- opaque; emptied once sent
);
CREATE INDEX delivery_pending ON delivery (channel_id, id) WHERE state = 'pending';
CREATE INDEX delivery_edition ON delivery (edition_id);
CREATE INDEX delivery_instant ON delivery (channel_id, created_at) WHERE kind = 'instant';
CREATE INDEX delivery_done ON delivery (done_at) WHERE state <> 'pending';

-- Roles that one process at a time plays: the sender, a shard of the gateway.
CREATE TABLE lease (
    name        TEXT    NOT NULL PRIMARY KEY,
    lease_owner INTEGER NOT NULL,
    lease_until INTEGER NOT NULL
) WITHOUT ROWID;

-- Summaries that were shown once and are kept.
CREATE TABLE summary (
    article_id INTEGER NOT NULL,
    mode       TEXT    NOT NULL,              -- short, or as the caller likes
    sentences  TEXT    NOT NULL,              -- JSON array of strings
    PRIMARY KEY (article_id, mode)
) WITHOUT ROWID;

-- Articles that members keep.
CREATE TABLE saved (
    user_id    INTEGER NOT NULL,              -- snowflake
    article_id INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (user_id, article_id)
) WITHOUT ROWID;
CREATE INDEX saved_article ON saved (article_id);

-- Members' thumbs.
CREATE TABLE vote (
    article_id INTEGER NOT NULL,
    guild_id   INTEGER NOT NULL,
    user_id    INTEGER NOT NULL,
    value      INTEGER NOT NULL,              -- -1 or 1
    PRIMARY KEY (article_id, guild_id, user_id)
) WITHOUT ROWID;

-- The search index, without a copy of the text. It is fed words that have
-- been cut and folded already (summarize.Tokens), so the plain ascii tokenizer
-- only has to split at spaces.
CREATE VIRTUAL TABLE article_fts USING fts5 (title, body, content='', contentless_delete=1, tokenize='ascii');
-- Titles for autocomplete.
CREATE VIRTUAL TABLE title_fts USING fts5 (title, content='', contentless_delete=1, detail='column', prefix='2 3', tokenize='ascii');
-- Deleting 10 % of a segment would rewrite it inside the DELETE: seconds. Merging is done in quiet hours.
INSERT INTO article_fts (article_fts, rank) VALUES ('deletemerge', 0);
INSERT INTO title_fts (title_fts, rank) VALUES ('deletemerge', 0);
-- A batch of visits gathers up to 4 MB of postings before it writes a segment.
INSERT INTO article_fts (article_fts, rank) VALUES ('hashsize', 4194304);
INSERT INTO article_fts (article_fts, rank) VALUES ('automerge', 8);

-- +goose Down
DROP TABLE title_fts;
DROP TABLE article_fts;
DROP TABLE vote;
DROP TABLE saved;
DROP TABLE summary;
DROP TABLE lease;
DROP TABLE delivery;
DROP TABLE fate;
DROP TABLE edition;
DROP TABLE digest;
DROP VIEW untaken;
DROP TABLE backlog;
DROP TABLE subscription;
DROP TABLE site_block;
DROP TABLE page;
DROP TABLE item_key;
DROP TABLE article_text;
DROP TABLE article;
DROP TABLE feed_alias;
DROP TABLE feed;
DROP TABLE channel;
DROP TABLE guild;
DROP TABLE meta;
