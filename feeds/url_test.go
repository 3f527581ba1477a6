package feeds

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLinksLoseWhatOnlyTracks(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://a.example/x?utm_source=rss&id=7&utm_medium=feed": "https://a.example/x?id=7",
		"https://a.example/x?UTM_Source=rss":                      "https://a.example/x",
		"https://a.example/x?fbclid=1&gclid=2&mc_cid=3&_hsenc=4":  "https://a.example/x",
		"https://a.example/x?at_medium=RSS&at_campaign=KARANGA":   "https://a.example/x",
		"https://a.example/x?id=7&amp;utm_source=rss":             "https://a.example/x?id=7",
		"https://a.example/x#xtor=RSS-3208":                       "https://a.example/x",
		"https://a.example/x#utm_source=rss":                      "https://a.example/x",
		"https://a.example/x#section-2":                           "https://a.example/x#section-2",
		"https://a.example/x#":                                    "https://a.example/x",
		"https://a.example/x?":                                    "https://a.example/x",
		"https://a.example/x?a=1&&b=2&":                           "https://a.example/x?a=1&b=2",
		"https://a.example/x?ref=b&source=c&id=%20&q=a+b":         "https://a.example/x?ref=b&source=c&id=%20&q=a+b",
		"HTTPS://WWW.A.Example:443/X":                             "https://www.a.example/X",
		"http://a.example:80":                                     "http://a.example/",
		"http://a.example:443/":                                   "http://a.example:443/",
		"https://User:Pw@A.example/x":                             "https://User:Pw@a.example/x",
		"  https://a.example/x \n":                                "https://a.example/x",
		"https://a.example?utm_source=x":                          "https://a.example/",
		"https://a.example/utm_source=x/y":                        "https://a.example/utm_source=x/y",
		"https://a.example/x?utmost=1&campaign=2&fbclidx=3":       "https://a.example/x?utmost=1&campaign=2&fbclidx=3",
		"mailto:x@a.example?utm_source=y":                         "mailto:x@a.example?utm_source=y",
		"not a url":                                               "not a url",
		"":                                                        "",
	} {
		if got := normalizeURL(in); got != want {
			t.Errorf("normalizeURL(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestMaskURLHidesWhatOpensSomething(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://a.example/feed":                                  "https://a.example/feed",
		"https://user:pw@a.example/feed":                          "https://***@a.example/feed",
		"https://token@a.example":                                 "https://***@a.example",
		"https://a.example/feed?token=abc&page=2":                 "https://a.example/feed?token=***&page=2",
		"https://a.example/feed?API_KEY=abc":                      "https://a.example/feed?API_KEY=***",
		"https://a.example/feed?x=1&rss_token=abc#frag":           "https://a.example/feed?x=1&rss_token=***#frag",
		"https://a.example/feed#access_token=abc":                 "https://a.example/feed#access_token=***",
		"https://a.example/feed?%74oken=abc":                      "https://a.example/feed?%74oken=***",
		"https://a.example/feed?a=1&amp;token=abc":                "https://a.example/feed?a=1&amp;token=***",
		"https://a.example/feed?q=eyJhbGciOi.x.y":                 "https://a.example/feed?q=***",
		"https://www.reddit.com/.rss?feed=abc&user=me":            "https://www.reddit.com/.rss?feed=***&user=me",
		"https://a.example/?feed=rss2":                            "https://a.example/?feed=rss2",
		"https://www.youtube.com/feeds/videos.xml?channel_id=UC1": "https://www.youtube.com/feeds/videos.xml?channel_id=UC1",
		"https://a.example/?token=":                               "https://a.example/?token=",
		"https://a.example/x@y?email=a@b":                         "https://a.example/x@y?email=a@b",
		"no url":                                                  "no url",
		"":                                                        "",
	} {
		if got := MaskURL(in); got != want {
			t.Errorf("MaskURL(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestInternationalNamesAreWrittenAsTheNetworkHasThem(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://bücher.example/feed?q=ü": "https://xn--bcher-kva.example/feed?q=ü",
		"https://BÜCHER.example:8443/":    "https://xn--bcher-kva.example:8443/",
		"https://例え.テスト/":                 "https://xn--r8jz45g.xn--zckzah/",
		"http://127。0。0。1/":               "http://127.0.0.1/",
		"http://①②⑦.0.0.1/":               "http://127.0.0.1/",
		"https://xn--bcher-kva.example/":  "https://xn--bcher-kva.example/",
		"https://plain.example/":          "https://plain.example/",
		"https://a\u00adb.example/":       "https://ab.example/",
		"https://\u00ad/":                 "",
		"https://ü\x00.example/":          "",
		"https://-ü-.example/":            "",
	} {
		got := ""
		if u, err := parseWebURL(in); err == nil {
			got = u.Host + u.Path
			got = u.Scheme + "://" + got
			if u.RawQuery != "" {
				got += "?" + u.RawQuery
			}
		}
		if got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}

func FuzzNormalizeURL(f *testing.F) {
	for _, s := range []string{"https://a.example/x?utm_source=rss&id=7#xtor=RSS-1", "HTTP://A:80?&&", "https://a?b#c?d#e", "http://u@h:443//", "https:// \u00a0x", "HTTP://:80:80"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := normalizeURL(s)
		if twice := normalizeURL(once); twice != once {
			t.Errorf("normalizeURL(%q) = %q, and again %q", s, once, twice)
		}
	})
}

func FuzzMaskURL(f *testing.F) {
	f.Add("https://user:pw@a.example/?token=abc")
	f.Fuzz(func(t *testing.T, s string) {
		once := MaskURL(s)
		if twice := MaskURL(once); twice != once {
			t.Errorf("MaskURL(%q) = %q, and again %q", s, once, twice)
		}
	})
}

func TestLinksCarryNoSecretOfTheirFeed(t *testing.T) {
	t.Parallel()
	const doc = `<rss version="2.0"><channel><title>T</title><link>/</link>
<item><guid>1</guid><title>a</title><link>/one</link><description>&lt;img src="/p.png"&gt;</description></item>
<item><guid>2</guid><title>b</title><link>#two</link></item>
<item><guid>3</guid><title>c</title><link>?id=3</link></item>
<item><guid>4</guid><title>d</title><link>//cdn.example/four</link></item></channel></rss>`
	f, err := Parse([]byte(doc), "", "https://ada:hunter2@a.example/feed?key=s3cret&page=1&token=t0ken")
	if err != nil {
		t.Fatal(err)
	}
	got := []string{f.Link, f.Items[0].Image}
	for _, it := range f.Items {
		got = append(got, it.Link)
	}
	want := []string{
		"https://a.example/", "https://a.example/p.png", "https://a.example/one", "https://a.example/feed?page=1#two",
		"https://a.example/feed?id=3", "https://cdn.example/four",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
	if strings.Contains(f.Items[0].HTML, "hunter2") {
		t.Errorf("the text leads to %s", f.Items[0].HTML)
	}
}
