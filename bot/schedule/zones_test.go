package schedule

import (
	"archive/zip"
	"go/build"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// offeredZones lists the names that have others beside them.
func offeredZones() []string {
	var names []string
	for row := range strings.Lines(zoneList) {
		if name, _, offered := strings.Cut(row, "\t"); offered {
			names = append(names, name)
		}
	}
	return names
}

func TestZonesFindsNamesCitiesCountriesAndAbbreviations(t *testing.T) {
	t.Parallel()
	tests := []struct {
		typed string
		want  []string // the first ones
	}{
		{"", []string{"UTC", "Europe/London", "Europe/Berlin"}},
		{"Europe/Ber", []string{"Europe/Berlin"}},
		{"berlin", []string{"Europe/Berlin"}},
		{"new y", []string{"America/New_York"}},
		{"new_york", []string{"America/New_York"}},
		{"york", []string{"America/New_York"}},
		{"munich", []string{"Europe/Berlin"}},
		{"MÜNCHEN", []string{"Europe/Berlin"}},
		{"munchen", []string{"Europe/Berlin"}},
		{"sao", []string{"America/Sao_Paulo"}},
		{"são paulo", []string{"America/Sao_Paulo"}},
		{"mumbai", []string{"Asia/Kolkata"}},
		{"東京", []string{"Asia/Tokyo"}},
		{"germany", []string{"Europe/Berlin", "Europe/Busingen"}},
		{"usa", []string{"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"}},
		{"uk", []string{"Europe/London"}},
		{"pst", []string{"America/Los_Angeles", "America/Vancouver"}},
		{"est", []string{"America/New_York", "America/Toronto"}},
		{"cet", []string{"Europe/Berlin", "Europe/Paris"}},
		{"port au", []string{"America/Port-au-Prince"}},
		{"US/Eastern", []string{"US/Eastern"}},
		{"etc/gmt-3", []string{"Etc/GMT-3"}},
	}
	for _, test := range tests {
		got := Zones(test.typed, 25)
		if len(got) > 25 || len(got) < len(test.want) {
			t.Errorf("Zones(%q) gives %d names, want %d to 25", test.typed, len(got), len(test.want))
			continue
		}
		if diff := cmp.Diff(test.want, got[:len(test.want)]); diff != "" {
			t.Errorf("Zones(%q) (-want +got):\n%s", test.typed, diff)
		}
	}
	if got := Zones("xyzzy", 25); len(got) != 0 {
		t.Errorf("Zones of nonsense = %v", got)
	}
	for _, limit := range []int{-1, 0, 1} {
		if got := len(Zones("a", limit)); got != max(limit, 0) {
			t.Errorf("Zones with limit %d gives %d names", limit, got)
		}
	}
}

func TestLoadZone(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, typed, zone, complaint string }{
		{"a name", "Europe/Berlin", "Europe/Berlin", ""},
		{"in another case", "europe/berlin", "Europe/Berlin", ""},
		{"with blanks", " America/new york ", "America/New_York", ""},
		{"a city alone", "tokyo", "Asia/Tokyo", ""},
		{"an old alias", "US/Eastern", "US/Eastern", ""},
		{"an old alias that is also a city", "Singapore", "Asia/Singapore", ""},
		{"UTC", "utc", "UTC", ""},
		{"an offset east", "Etc/GMT-3", "Etc/GMT-3", ""},
		{"an offset west", "Etc/GMT+3", "Etc/GMT+3", ""},
		{"nothing", "", "", "is empty"},
		{"what depends on the machine", "Local", "", "no time zone"},
		{"no summer time", "EST", "", "America/New_York"},
		{"an abbreviation", "PST", "", "America/Los_Angeles or America/Vancouver"},
		{"a city of another zone", "Munich", "", "did you mean Europe/Berlin?"},
		{"a slip", "Europe/Berln", "", "did you mean Europe/Berlin?"},
		{"a slip in a city", "Berln", "", "did you mean Europe/Berlin?"},
		{"two places", "Victoria", "", "America/Vancouver"},
		{"a path", "../../etc/passwd", "", "no time zone"},
		{"nonsense", "xyzzy", "", "Europe/Berlin"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			loc, err := LoadZone(test.typed)
			switch {
			case test.complaint != "":
				if err == nil || !strings.Contains(err.Error(), test.complaint) {
					t.Errorf("LoadZone(%q) = %v, %v; want an error with %q", test.typed, loc, err, test.complaint)
				}
			case err != nil || loc.String() != test.zone:
				t.Errorf("LoadZone(%q) = %v, %v; want %s", test.typed, loc, err, test.zone)
			}
		})
	}
}

func TestEveryListedZoneLoads(t *testing.T) {
	t.Parallel()
	n := 0
	for row := range strings.Lines(zoneList) {
		name, _, _ := strings.Cut(strings.TrimSuffix(row, "\n"), "\t")
		loc, err := LoadZone(name)
		if err != nil {
			t.Errorf("LoadZone(%q): %v", name, err)
		} else if strings.Contains(name, "/") && loc.String() != name {
			t.Errorf("LoadZone(%q) = %v", name, loc)
		}
		n++
	}
	if n < 500 {
		t.Errorf("the list has %d zones only", n)
	}
	for _, zone := range usualZones {
		if !slices.Contains(offeredZones(), zone) {
			t.Errorf("the usual zone %s is not offered", zone)
		}
	}
}

func TestZoneListIsThatOfGo(t *testing.T) {
	t.Parallel()
	archive, err := zip.OpenReader(filepath.Join(build.Default.GOROOT, "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Skipf("needs the zone files of Go's source tree: %v", err)
	}
	defer archive.Close()
	want := []string{}
	for _, file := range archive.File {
		// Factory is a placeholder; EST and MST are left out on purpose.
		if name := file.Name; !strings.HasSuffix(name, "/") && name != "Factory" && name != "EST" && name != "MST" {
			want = append(want, name)
		}
	}
	got := []string{}
	for row := range strings.Lines(zoneList) {
		name, _, _ := strings.Cut(strings.TrimSuffix(row, "\n"), "\t")
		got = append(got, name)
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("zones.txt is not Go's list in order (-Go +ours):\n%s", diff)
	}
}
