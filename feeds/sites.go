package feeds

import (
	"bytes"
	"net/url"
	"strings"
)

// siteFeeds are the feeds of an address on a site whose rules are known, the
// best first; nil if the address must be asked. They are guesses until they
// have been fetched and parsed.
func siteFeeds(at *url.URL) []string {
	host := strings.TrimPrefix(strings.ToLower(at.Hostname()), "www.")
	path := strings.Split(strings.Trim(at.Path, "/"), "/")
	part := func(i int) string {
		if i < len(path) {
			return path[i]
		}
		return ""
	}
	switch {
	case youtubeHost(host):
		return youtubeFeeds(at, part)
	case host == redditHost || strings.HasSuffix(host, "."+redditHost):
		return redditFeeds(at)
	case host == "github.com" || host == "gist.github.com":
		return githubFeeds(at, part)
	case host == "gitlab.com" || strings.HasPrefix(host, "gitlab."):
		return gitlabFeeds(at, part)
	case host == "medium.com" || strings.HasSuffix(host, ".medium.com"):
		return mediumFeeds(at, part)
	case host == "substack.com" || strings.HasSuffix(host, ".substack.com"):
		return substackFeeds(at, part)
	case host == "tumblr.com" || strings.HasSuffix(host, ".tumblr.com"):
		return tumblrFeeds(at, part)
	case strings.Contains(host, ".blogspot."):
		return rootFeed(at, part(0), "/feeds/posts/default")
	case strings.HasPrefix(part(0), "@") && !strings.HasSuffix(at.Path, ".rss") && len(path) == 1:
		return mastodonFeeds(at, part(0))
	}
	return nil
}

// rootFeed is the one feed of a blog, unless the address is a feed already.
func rootFeed(at *url.URL, first, path string) []string {
	switch first {
	case "feed", "feeds", "rss", "atom":
		return nil
	}
	return []string{at.Scheme + "://" + at.Host + path}
}

// mediumFeeds are those of people and publications, in both places where they
// may be, and of tags.
func mediumFeeds(at *url.URL, part func(int) string) []string {
	const root = "https://medium.com/feed/"
	switch {
	case !strings.EqualFold(strings.TrimPrefix(at.Hostname(), "www."), "medium.com"):
		return rootFeed(at, part(0), "/feed")
	case part(0) == "" || part(0) == "feed":
		return nil
	case part(0) == "tag" && part(1) != "":
		return []string{root + "tag/" + part(1)}
	}
	return []string{root + part(0)}
}

// substackFeeds are those of a letter, by its own address or by that in the
// reader; a person's handle is nearly always also the letter's name.
func substackFeeds(at *url.URL, part func(int) string) []string {
	name := ""
	switch host := strings.TrimPrefix(strings.ToLower(at.Hostname()), "www."); {
	case host == "open.substack.com" && part(0) == "pub":
		name = part(1)
	case host == "substack.com":
		name = strings.TrimPrefix(part(0), "@")
		if name == part(0) {
			return nil
		}
	default:
		return rootFeed(at, part(0), "/feed")
	}
	if !hostLabel(name) {
		return nil
	}
	return []string{"https://" + name + ".substack.com/feed"}
}

// tumblrFeeds are those of a blog, by its own address or by that in the dashboard.
func tumblrFeeds(at *url.URL, part func(int) string) []string {
	if host := strings.TrimPrefix(strings.ToLower(at.Hostname()), "www."); host != "tumblr.com" {
		return rootFeed(at, part(0), "/rss")
	}
	name := part(0)
	if name == "blog" && part(1) == "view" {
		name = part(2)
	}
	if !hostLabel(name) {
		return nil
	}
	return []string{"https://" + name + ".tumblr.com/rss"}
}

// mastodonFeeds are those of an account of Mastodon and of what follows its
// example; others answer 404, and the page is asked. A guest's account
// (/@user@elsewhere) has its feed at home.
func mastodonFeeds(at *url.URL, account string) []string {
	host := at.Host
	if user, home, ok := strings.Cut(account[1:], "@"); ok {
		if user == "" || strings.Trim(home, ".") == "" || strings.ContainsAny(home, "@/:?#") {
			return nil
		}
		account, host = "@"+user, home
	}
	return []string{at.Scheme + "://" + host + "/" + account + ".rss"}
}

// hostLabel reports whether a name can be a part of a host's.
func hostLabel(name string) bool {
	for _, c := range name {
		if c != '-' && (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return name != "" && len(name) <= 63
}

const youtubeFeed = "https://www.youtube.com/feeds/videos.xml?"

// youtubeHost reports the hosts of YouTube; the name is without "www.".
func youtubeHost(host string) bool {
	return host == "youtube.com" || host == "m.youtube.com" || host == "music.youtube.com" || host == "youtu.be"
}

// youtubeFeeds knows channels and playlists; of handles, custom names and films
// the page tells the channel. A channel's short films and live streams are
// playlists whose names follow from its own.
func youtubeFeeds(at *url.URL, part func(int) string) []string {
	if list := at.Query().Get("list"); list != "" {
		return []string{youtubeFeed + "playlist_id=" + url.QueryEscape(list)}
	}
	if id, ok := strings.CutPrefix(part(1), "UC"); part(0) == "channel" && ok {
		switch part(2) {
		case "shorts":
			return []string{youtubeFeed + "playlist_id=UUSH" + url.QueryEscape(id)}
		case "streams", "live":
			return []string{youtubeFeed + "playlist_id=UULV" + url.QueryEscape(id)}
		}
		return []string{youtubeFeed + "channel_id=UC" + url.QueryEscape(id)}
	}
	if part(0) == "user" && part(1) != "" {
		return []string{youtubeFeed + "user=" + url.QueryEscape(part(1))}
	}
	return nil
}

// youtubeChannel is the feed of the channel that a page of YouTube is about,
// "" if it does not tell. Not every such page links to its feed.
func youtubeChannel(page []byte) string {
	for _, mark := range [...]string{`<link rel="canonical" href="https://www.youtube.com/channel/`, `itemprop="identifier" content="`,
		`itemprop="channelId" content="`, `"externalId":"`, `"channelId":"`} {
		_, rest, ok := bytes.Cut(page, []byte(mark))
		if !ok {
			continue
		}
		// A channel's id is 24 characters of URL-safe base64.
		if id, _, ok := bytes.Cut(rest[:min(len(rest), 25)], []byte{'"'}); ok && len(id) == 24 && bytes.HasPrefix(id, []byte("UC")) {
			return youtubeFeed + "channel_id=" + url.QueryEscape(string(id))
		}
	}
	return ""
}

// redditFeeds appends .rss to whatever listing the address shows.
func redditFeeds(at *url.URL) []string {
	path := strings.TrimSuffix(at.Path, "/")
	if strings.HasSuffix(path, ".rss") {
		return nil
	}
	u := url.URL{Scheme: "https", Host: at.Host, Path: path + "/.rss", RawQuery: at.RawQuery}
	return []string{u.String()}
}

// githubFeeds are a repository's releases, commits and tags, or what an account
// does. What an address shows of a repository comes first.
func githubFeeds(at *url.URL, part func(int) string) []string {
	if strings.HasSuffix(at.Path, ".atom") || part(0) == "" {
		return nil
	}
	root := "https://" + strings.TrimPrefix(strings.ToLower(at.Hostname()), "www.") + "/" + part(0)
	if part(1) == "" || strings.HasPrefix(root, "https://gist.") {
		return []string{root + ".atom"}
	}
	root += "/" + strings.TrimSuffix(part(1), ".git")
	switch part(2) {
	case "commits", "tree":
		branch := strings.SplitN(strings.Trim(at.Path, "/"), "/", 4)[3:] // with the path in it
		return []string{strings.Join(append([]string{root + "/commits"}, branch...), "/") + ".atom"}
	case "tags", "releases", "wiki", "discussions":
		return []string{root + "/" + part(2) + ".atom"}
	}
	return []string{root + "/releases.atom", root + "/commits.atom", root + "/tags.atom"}
}

// gitlabFeeds are a project's releases, tags and commits, or the one of them
// that the address shows. Releases have a feed since GitLab 17.1.
func gitlabFeeds(at *url.URL, part func(int) string) []string {
	project, view, _ := strings.Cut(strings.Trim(at.Path, "/"), "/-/")
	if strings.HasSuffix(at.Path, ".atom") || at.Query().Get("format") == "atom" {
		return nil
	}
	if part(1) == "" {
		if part(0) == "" {
			return nil
		}
		return []string{at.Scheme + "://" + at.Host + "/" + part(0) + ".atom"}
	}
	root := at.Scheme + "://" + at.Host + "/" + project + "/-/"
	switch name, _, _ := strings.Cut(view, "/"); name {
	case "releases":
		return []string{root + "releases.atom"}
	case "tags", "commits":
		return []string{root + view + "?format=atom"}
	}
	return []string{root + "releases.atom", root + "tags?format=atom", root + "commits?format=atom"}
}
