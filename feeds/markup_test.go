package feeds

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPlainTextKeepsWhatAReaderReads(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                               "",
		"plain":                          "plain",
		"a  b\t c":                       "a b c",
		"One.\n\nTwo.\nThree.":           "One.\n\nTwo.\nThree.",
		"One.\r\n\r\n\r\n\r\nTwo.":       "One.\n\nTwo.",
		"<p>One.</p><p>Two.</p>":         "One.\n\nTwo.",
		"<p>One\ntwo</p>\n\n<p>Three":    "One two\n\nThree",
		"One<br>two<br/>three":           "One\ntwo\nthree",
		"<ul><li>a</li><li>b</li></ul>c": "a\nb\n\nc",
		"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>": "a b\nc",
		"a<b>b</b>c <i> d </i>e": "abc d e",
		"<script>x()</script>a<style>b</style>c<SCRIPT src=x></SCRIPT>d": "acd",
		"a<script>never ended":                                "a",
		"a<!-- <p>no</p> -->b":                                "ab",
		"a<!-- never ended":                                   "a",
		"<![CDATA[<p>in</p>]]>out":                            "in\n\nout",
		"&lt;b&gt; &amp; &quot;x&quot; &nbsp;&eacute;&#8230;": "<b> & \"x\" é…",
		"it&#146;s":                                           "it’s",
		"it\u0092s \u0085":                                    "it’s …",
		"co\u00adop zero\u200bwidth":                          "coop zerowidth",
		"no\u00a0break\u3000wide":                             "no break wide",
		"1 < 2 <3":                                            "1 < 2 <3",
		"a <b unclosed":                                       "a",
		"<img src=x alt='no'>text":                            "text",
		"<a href='x>y'>link</a>":                              "link",
		"<figure><img src=x><figcaption>Photo: me</figcaption></figure><p>Text</p>": "Text",
		"<p>日本語の<b>文章</b>です。</p>":                                                   "日本語の文章です。",
		"bad \xff byte":                   "bad \uFFFD byte",
		"<iframe src=x>no</iframe><p>yes": "yes",
		"a<hr>b":                          "a\n\nb",
	} {
		if got := PlainText(in); got != want {
			t.Errorf("PlainText(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSanitizeLeavesNothingThatRuns(t *testing.T) {
	t.Parallel()
	base, _ := url.Parse("https://a.example/x/")
	for in, want := range map[string]string{
		`<p onclick="x()" style="y">a</p>`:                            `<p>a</p>`,
		`<a href="javascript:x()" title=t>a</a>`:                      `<a>a</a>`,
		`<a href="../n?a=1&amp;b=2">a</a>`:                            `<a href="https://a.example/n?a=1&amp;b=2">a</a>`,
		`<img src="data:image/png;base64,x" onerror=y>`:               `<img>`,
		`<img src='/p.jpg' alt='"quoted"'>`:                           `<img src="https://a.example/p.jpg" alt="&#34;quoted&#34;">`,
		`a<script>x</script>b<iframe src=y></iframe>c`:                `abc`,
		`<svg><script>x</script></svg>b`:                              `b`,
		`<form action=x><input>a</form>`:                              `a`,
		`<ScRiPt>x</sCrIpT>a`:                                         `a`,
		`<figure><img src=/a.png><figcaption>b</figcaption></figure>`: `<figure><img src="https://a.example/a.png"><figcaption>b</figcaption></figure>`,
		`plain & simple`:                                              `plain & simple`,
	} {
		if got := sanitize(in, base); got != want {
			t.Errorf("sanitize(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFirstImageSkipsDecoration(t *testing.T) {
	t.Parallel()
	base, _ := url.Parse("https://a.example/x/")
	for in, want := range map[string]string{
		`<p>none</p>`:       "",
		`<img src="a.jpg">`: "https://a.example/x/a.jpg",
		`<IMG SRC=/a.jpg>`:  "https://a.example/a.jpg",
		`<img width="1" height="1" src="t.gif"><img src=b>`:   "https://a.example/x/b",
		`<img src="data:image/gif;base64,R0" data-src="c">`:   "https://a.example/x/c",
		`<img src="https://s.w.org/images/core/emoji/x.png">`: "",
		`<img src="http://feeds.feedburner.com/~r/x/~4/y">`:   "",
		`<img alt="x">`: "",
	} {
		if got := firstImage(in, base); got != want {
			t.Errorf("firstImage(%q) = %q, want %q", in, got, want)
		}
	}
}

var anyTag = regexp.MustCompile(`</?[a-zA-Z][^<>]*>`)

func FuzzPlainText(f *testing.F) {
	for _, s := range []string{"<p>a</p>", "a<b>c", "<a href='>'>x</a>", "<!--", "<![CDATA[<b>]]>", "<<p>>", "x</", "<script><p>", "<p <b>>", "\x85\xff<br/>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := PlainText(s)
		if !utf8.ValidString(got) {
			t.Errorf("PlainText(%q) = %q is not UTF-8", s, got)
		}
		if got != strings.TrimSpace(got) || strings.Contains(got, "\n\n\n") || strings.Contains(got, "  ") {
			t.Errorf("PlainText(%q) = %q has loose space", s, got)
		}
		// What was escaped in the input is text in the output, even a tag; so is
		// what a reader would see of broken markup. A tag written as one is gone.
		if tag := anyTag.FindString(got); tag != "" && !strings.Contains(s, "&") && strings.Count(s, "<") == strings.Count(s, tag) {
			t.Errorf("PlainText(%q) = %q still has %s", s, got, tag)
		}
	})
}
