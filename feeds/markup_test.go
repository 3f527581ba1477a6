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

// TestNothingThatRunsSurvivesItsDisguise looks at what is left as a browser
// would; the text must not hold the script, either.
func TestNothingThatRunsSurvivesItsDisguise(t *testing.T) {
	t.Parallel()
	base, _ := url.Parse("https://a.example/x/")
	for _, in := range []string{
		`<a href="java&#10;script:alert(1)">a</a>`, `<a href=" javascript:alert(1)">a</a>`, `<a href="JaVaScRiPt:alert(1)">a</a>`, `<a href="&#x6a;avascript:alert(1)">a</a>`,
		"<a href=\"java\tscript:alert(1)\">a</a>", "<a href=\"\x01javascript:alert(1)\">a</a>", `<a href="vbscript:alert(1)">a</a>`, `<a href="data:text/html,<script>alert(1)</script>">a</a>`,
		`<img src=x onerror=alert(1)//>`, `<img/src=x/onerror=alert(1)>`, `<img src="x" srcset="javascript:alert(1)">`, `<img src=x alt='" onerror="alert(1)'>`,
		`<a href='x' onmouseover=alert(1)>a</a>`, `<p/onclick=alert(1)>a`, `<p
onclick
=
alert(1)>a`, `<div style="background:url(javascript:alert(1))">a</div>`, `<a href="https://a.example/&quot; onclick=&quot;alert(1)">a</a>`,
		`<script/x>alert(1)</script>b`, `<<script>alert(1)</script>b`, `<SCRIPT SRC=x>alert(1)</SCRIPT >b`, `<script>alert(1)</script x>b`, `<script>alert(1)`, `<script <b>alert(1)</script>b`,
		`<iframe srcdoc="<script>alert(1)</script>">a</iframe>b`, `<math><mi xlink:href="javascript:alert(1)">a</mi></math>b`, `<object data=x><embed src=y>alert(1)</object>a`,
		`<meta http-equiv=refresh content="0;url=javascript:alert(1)">a`, `<link rel=stylesheet href=x>a`, `<base href="https://evil.example/">a`, `<input type=image src=x onerror=alert(1)>a`,
		`<video><source onerror=alert(1)></video>a`, `<template><script>alert(1)</script></template>a`, `<!--<script>alert(1)</script>-->a`, `<![CDATA[<script>alert(1)</script>]]>a`,
		`<p><?php alert(1) ?>a`, `a<noscript><img src=x onerror=alert(1)></noscript>b`, `<style>@import alert(1)</style>a`, `<title><script>alert(1)</script></title>a`, `<textarea><script>alert(1)</script></textarea>a`,
		`<svg onload=alert(1)>alert(1)</svg>b`, `<body onload=alert(1)>a`, `<details open ontoggle=alert(1)>a`, `<form action="javascript:alert(1)"><button formaction=x>a</button></form>`,
	} {
		out := sanitize(in, base)
		checkItem(t, Item{HTML: out})
		if text := PlainText(out); strings.Contains(text, "alert(1)") {
			t.Errorf("sanitize(%q) = %q, which reads %q", in, out, text)
		}
		if text := PlainText(in); strings.Contains(text, "alert(1)") {
			t.Errorf("PlainText(%q) = %q", in, text)
		}
		if again := sanitize(out, base); again != out {
			t.Errorf("sanitize(%q) = %q, and again %q", in, out, again)
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
