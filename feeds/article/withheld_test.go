package article

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRobotsMetadataWithholdsTheText(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"nosnippet": "nosnippet", "index, follow, NoArchive": "noarchive", "none": "none", "max-snippet:0": "max-snippet:0", "max-snippet: 0, follow": "max-snippet:0",
		"broadsheet: nosnippet": "nosnippet", "robots: noindex, nosnippet": "nosnippet", "unavailable_after: 25 Jun 2010 15:00:00 PST, nosnippet": "nosnippet",
		"googlebot: nosnippet": "", "otherbot: noindex, nofollow, none": "", "all": "", "": "", "noindex, nofollow": "", "max-snippet:-1, max-image-preview:large": "", "max-snippet:50": "", "nosnippets": "",
	} {
		if got := Withholds(value); got != want {
			t.Errorf("%q withholds by %q, want %q", value, got, want)
		}
	}
	for head, want := range map[string]string{
		`<meta name="robots" content="max-image-preview:large"><meta name="ROBOTS" content="noarchive">`: "noarchive",
		`<meta name="broadsheet" content="nosnippet">`:                                                   "nosnippet",
		`<meta name="googlebot" content="nosnippet">`:                                                    "",
		`<meta property="og:title" content="none">`:                                                      "",
	} {
		if got := extract(t, "<html><head>"+head+"</head><body><article>"+story+"</article></body></html>").Withheld; got != want {
			t.Errorf("%s: withheld by %q, want %q", head, got, want)
		}
	}
	if got := cmp.Diff(storyText, strings.Split(extract(t, `<meta name=robots content=none><article>`+story+`</article>`).Text, "\n\n")); got != "" {
		t.Errorf("whoever reads the page for a person alone gets its text (-want +got):\n%s", got)
	}
}
