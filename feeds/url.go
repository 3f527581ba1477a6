package feeds

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// trackers are query parameters that say how a reader came to a page and
// nothing about which page it is. Gathered from the lists that feed readers
// and browsers publish; a trailing * matches any ending.
const trackers = ` utm_* mtm_* fbclid gclid dclid gbraid wbraid gclsrc yclid ysclid twclid msclkid
 mc_cid mc_eid mc_tc _openstat fb_action_ids fb_action_types fb_ref fb_source fb_comment_id hmb_*
 itm_* campaign_* srsltid wickedid hsa_cam _hsenc __hssc __hstc __hsfp _hsmi hsctatracking rb_clickid
 oly_anon_id oly_enc_id vero_id vero_conv mkt_tok sc_cid _bhlid _branch_* igshid at_medium
 at_campaign at_custom* pk_campaign pk_kwd piwik_campaign ncid xtor ns_campaign ns_mchannel ns_source
 spm __twitter_impression guccounter guce_referrer guce_referrer_sig `

// secretNames are the query parameters whose values open something.
const secretNames = ` token access_token auth auth_token authkey key apikey api_key api-key secret
 client_secret password passwd pass pwd sig signature sign hmac session sessionid sid jwt private_token
 feed_token rss_token rsskey feedkey user_token login passkey torrent_pass hash x-amz-signature credential `

// tracker reports whether the query parameter only tracks. name is lower case.
func tracker(name string) bool {
	if strings.ContainsAny(name, " \n*") || name == "" {
		return false
	}
	if strings.Contains(trackers, " "+name+" ") || strings.Contains(trackers, " "+name+"\n") {
		return true
	}
	for i := 1; i < len(name); i++ {
		if strings.Contains(trackers, " "+name[:i]+"*") {
			return true
		}
	}
	return false
}

// normalizeURL returns u without tracking parameters, with scheme and host in
// lower case and without the scheme's own port. What is no http or https
// address comes back trimmed. Normalising twice changes nothing.
func normalizeURL(u string) string {
	u = strings.TrimSpace(u)
	scheme, rest, ok := strings.Cut(u, "://")
	if !ok || !strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "https") {
		return u
	}
	scheme = strings.ToLower(scheme)
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	host, tail := rest[:end], rest[end:]
	userinfo := ""
	if at := strings.LastIndexByte(host, '@'); at >= 0 {
		userinfo, host = host[:at+1], host[at+1:]
	}
	host = withoutPort(strings.ToLower(host), map[string]string{"http": ":80", "https": ":443"}[scheme])
	tail, fragment, hasFragment := strings.Cut(tail, "#")
	path, query, hasQuery := strings.Cut(tail, "?")
	if path == "" {
		path = "/"
	}
	out := scheme + "://" + userinfo + host + path
	if hasQuery {
		if query = withoutTrackers(query); query != "" {
			out += "?" + query
		}
	}
	if hasFragment && fragment != "" && !trackingFragment(fragment) {
		out += "#" + fragment
	}
	return strings.TrimSpace(out)
}

// withoutPort cuts a port off a host, unless what is left would be no host.
func withoutPort(host, port string) string {
	name, ok := strings.CutSuffix(host, port)
	if !ok || name == "" || strings.Contains(name, ":") && !strings.HasSuffix(name, "]") {
		return host
	}
	return name
}

// withoutTrackers drops tracking parameters from a raw query and leaves the
// others as they were written.
func withoutTrackers(query string) string {
	kept := ""
	for part := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(part, "=")
		name = strings.TrimPrefix(strings.ToLower(strings.TrimSpace(name)), "amp;")
		if strings.TrimSpace(part) == "" || tracker(name) {
			continue
		}
		if kept != "" {
			kept += "&"
		}
		kept += part
	}
	return kept
}

// trackingFragment reports fragments that carry tracking instead of a place in
// the page (#xtor=RSS-1, seen at French papers, and #utm_source=…).
func trackingFragment(f string) bool {
	name, _, ok := strings.Cut(strings.ToLower(f), "=")
	return ok && tracker(name)
}

// MaskURL returns u with user name and password, and the values of query
// parameters that look like secrets, replaced by "***": for logs and messages.
func MaskURL(u string) string {
	base, fragment, hasFragment := strings.Cut(u, "#")
	base, query, hasQuery := strings.Cut(base, "?")
	if scheme, rest, ok := strings.Cut(base, "://"); ok {
		end := strings.IndexByte(rest, '/')
		if end < 0 {
			end = len(rest)
		}
		if at := strings.LastIndexByte(rest[:end], '@'); at >= 0 {
			base = scheme + "://***@" + rest[at+1:]
		}
	}
	if hasQuery {
		base += "?" + maskQuery(query)
	}
	if hasFragment {
		base += "#" + maskQuery(fragment)
	}
	return base
}

// maskQuery masks the secret values of a raw query.
func maskQuery(query string) string {
	// Reddit's private feeds carry their secret in "feed", with "user" beside it.
	reddit := strings.Contains(query, "user=") && strings.Contains(query, "feed=")
	parts := strings.Split(query, "&")
	for i, part := range parts {
		name, value, ok := strings.Cut(part, "=")
		if !ok || value == "" {
			continue
		}
		if un, err := url.QueryUnescape(name); err == nil {
			name = un
		}
		lower := strings.ToLower(strings.TrimPrefix(name, "amp;"))
		if secretName(lower) || strings.HasPrefix(value, "eyJ") || reddit && lower == "feed" {
			parts[i] = part[:len(part)-len(value)] + "***"
		}
	}
	return strings.Join(parts, "&")
}

// secretName reports whether a parameter of that name, in lower case, holds a secret.
func secretName(name string) bool {
	if name == "" || strings.ContainsAny(name, " \n") {
		return false
	}
	for _, end := range []string{"token", "secret", "password", "apikey", "api_key", "signature"} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return strings.Contains(secretNames, " "+name+" ") || strings.Contains(secretNames, " "+name+"\n")
}

// webURL parses an absolute http or https address.
func webURL(s string) (*url.URL, bool) {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, false
	}
	return u, true
}

// asciiHost writes an international host name the way the network has it
// (bücher.example is xn--bcher-kva.example; UTS 46, which also turns the full
// stops and digits of other scripts into ours). It reports whether there is
// such a name.
func asciiHost(u *url.URL) bool {
	name := u.Hostname()
	if !strings.ContainsFunc(name, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return true
	}
	ascii, err := idna.Lookup.ToASCII(name)
	if err != nil || ascii == "" {
		return false
	}
	if port := u.Port(); port != "" {
		ascii += ":" + port
	}
	u.Host = ascii
	return true
}

// openBase is u without what opens something: links that are relative to a
// feed's address are shown to everybody, and would carry its password or, where
// they are no more than "#item", the key in its query.
func openBase(u *url.URL) *url.URL {
	open := *u
	open.User = nil
	if masked := maskQuery(u.RawQuery); masked != u.RawQuery {
		parts := strings.Split(masked, "&")
		open.RawQuery = strings.Join(slices.DeleteFunc(parts, func(p string) bool { return strings.HasSuffix(p, "=***") }), "&")
	}
	return &open
}

// resolve makes ref absolute against base and returns "" for what does not
// lead to a web page (mailto:, javascript:, data: and the like).
func resolve(base *url.URL, ref string) string {
	ref = strings.TrimSpace(ref)
	if ref == "" {
		return ""
	}
	u, err := url.Parse(ref)
	if err != nil {
		// A stray % or a space makes url.Parse fail; browsers go there all the same.
		if u, err = url.Parse(strings.NewReplacer("%", "%25", " ", "%20", "\n", "", "\t", "").Replace(ref)); err != nil {
			return ""
		}
	}
	if !u.IsAbs() {
		if base == nil {
			return ""
		}
		u = base.ResolveReference(u)
	}
	if u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}

// bareURL is an address without scheme, "www." and trailing slash, for keys:
// sites change these without changing the article.
func bareURL(u string) string {
	_, rest, ok := strings.Cut(normalizeURL(u), "://")
	if !ok {
		return u
	}
	return strings.TrimSuffix(strings.TrimPrefix(rest, "www."), "/")
}
