package feeds

import (
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
	case host == "youtube.com" || host == "m.youtube.com" || host == "youtu.be":
		return youtubeFeeds(at, part)
	case host == "reddit.com" || strings.HasSuffix(host, ".reddit.com"):
		return redditFeeds(at)
	case host == "github.com":
		return githubFeeds(at, part)
	case host == "gitlab.com" || strings.HasPrefix(host, "gitlab."):
		return gitlabFeeds(at, part)
	case host == "medium.com" && part(0) != "" && part(0) != "feed":
		return []string{at.Scheme + "://medium.com/feed/" + part(0)}
	case strings.HasSuffix(host, ".medium.com"), strings.HasSuffix(host, ".substack.com"):
		return rootFeed(at, part(0), "/feed")
	case strings.HasSuffix(host, ".tumblr.com"):
		return rootFeed(at, part(0), "/rss")
	case strings.HasSuffix(host, ".blogspot.com"):
		return rootFeed(at, part(0), "/feeds/posts/default")
	case strings.HasPrefix(part(0), "@") && !strings.HasSuffix(at.Path, ".rss") && len(path) == 1:
		// Mastodon and what follows its example; others answer 404, and the page is asked.
		return []string{at.Scheme + "://" + at.Host + "/" + part(0) + ".rss"}
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

// youtubeFeeds knows channels and playlists; handles and user names are found
// by the link on their page.
func youtubeFeeds(at *url.URL, part func(int) string) []string {
	const feed = "https://www.youtube.com/feeds/videos.xml?"
	if list := at.Query().Get("list"); list != "" {
		return []string{feed + "playlist_id=" + url.QueryEscape(list)}
	}
	if part(0) == "channel" && strings.HasPrefix(part(1), "UC") {
		return []string{feed + "channel_id=" + url.QueryEscape(part(1))}
	}
	if part(0) == "user" && part(1) != "" {
		return []string{feed + "user=" + url.QueryEscape(part(1))}
	}
	return nil
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

// githubFeeds are a repository's releases, commits and tags, or what an account does.
func githubFeeds(at *url.URL, part func(int) string) []string {
	if strings.HasSuffix(at.Path, ".atom") || part(0) == "" {
		return nil
	}
	root := "https://github.com/" + part(0)
	if part(1) == "" {
		return []string{root + ".atom"}
	}
	root += "/" + strings.TrimSuffix(part(1), ".git")
	switch part(2) {
	case "commits", "tree":
		branch := ""
		if part(3) != "" {
			branch = "/" + part(3)
		}
		return []string{root + "/commits" + branch + ".atom"}
	case "tags":
		return []string{root + "/tags.atom"}
	case "releases":
		return []string{root + "/releases.atom"}
	}
	return []string{root + "/releases.atom", root + "/commits.atom", root + "/tags.atom"}
}

// gitlabFeeds are a project's tags and commits.
func gitlabFeeds(at *url.URL, part func(int) string) []string {
	project, _, _ := strings.Cut(strings.Trim(at.Path, "/"), "/-/")
	if part(1) == "" || strings.HasSuffix(at.Path, ".atom") || at.Query().Get("format") == "atom" {
		return nil
	}
	root := at.Scheme + "://" + at.Host + "/" + project
	return []string{root + "/-/tags?format=atom", root + "/-/commits?format=atom"}
}
