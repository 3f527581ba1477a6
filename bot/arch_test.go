package bot_test

import (
	"go/build"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// rooms says which of our packages each package may import. A package that is
// not listed fails the test: a new room is added here, with its reason in the
// commit.
var rooms = map[string][]string{
	"summarize":         {},
	"summarize/stories": {"summarize"},
	"summarize/train":   {"summarize"},
	"feeds":             {"feeds/article"},
	"feeds/article":     {},
	"config":            {"bot/schedule", "bot/filter"},
	"bot/schedule":      {},
	"bot/filter":        {},
	"bot/metrics":       {},
	"bot/i18n":          {},
	"bot/discord":       {},
	"bot/discordsim":    {},
	"bot/digest":        {"summarize", "summarize/stories", "bot/filter"},
	"bot/store":         {"feeds", "summarize"},
	// Finds or starts a PostgreSQL for the tests of several packages.
	"bot/store/pgtest": {},
	"bot/render":       {"bot/digest", "bot/discord", "bot/i18n"},
	"bot/command": {
		"bot/render", "bot/i18n", "bot/digest", "bot/discord", "bot/schedule", "bot/filter", "bot/store",
		"feeds", "summarize",
	},
	"bot": {
		"bot/command", "bot/render", "bot/i18n", "bot/digest", "bot/discord", "bot/schedule", "bot/filter",
		"bot/store", "bot/metrics", "feeds", "feeds/article", "summarize", "summarize/stories", "config",
	},
	// The demo prints its digest in the terminal as text, which render does.
	"bot/demo":           {"bot", "bot/discord", "bot/discordsim", "bot/render", "config", "feeds"},
	"bot/cmd/broadsheet": nil, // any
}

// doors says which packages alone may import a library, test files excepted.
var doors = map[string][]string{
	"github.com/bwmarrin/discordgo": {"bot/discord"},
	"github.com/mmcdole/gofeed":     {"feeds"},
	"github.com/robfig/cron":        {"bot/schedule"},
	"modernc.org/sqlite":            {"bot/store"},
	"github.com/jackc/pgx":          {"bot/store", "bot/store/pgtest"},
	"database/sql":                  {"bot/store", "bot/store/pgtest"},
}

func TestPackagesImportOnlyWhatTheArchitectureAllows(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	for dir, pkg := range packages(t, root) {
		allowed, known := rooms[dir]
		if !known {
			t.Errorf("package %s is in no room of the table", dir)
			continue
		}
		for _, imp := range pkg.Imports {
			checkDoor(t, dir, imp)
			ours, found := strings.CutPrefix(imp, "broadsheet/")
			if found && allowed != nil && !slices.Contains(allowed, ours) {
				t.Errorf("%s imports %s, which its room does not know", dir, ours)
			}
		}
	}
}

func checkDoor(t *testing.T, dir, imp string) {
	t.Helper()
	for library, keepers := range doors {
		if (imp == library || strings.HasPrefix(imp, library+"/")) && !slices.Contains(keepers, dir) {
			t.Errorf("%s imports %s; its door is %v", dir, imp, keepers)
		}
	}
}

func TestEveryRoomExists(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	found := packages(t, root)
	for dir := range rooms {
		if found[dir] == nil {
			t.Errorf("the table names %s, which does not exist", dir)
		}
	}
}

// packages reads every package below root that has Go files outside of tests.
func packages(t *testing.T, root string) map[string]*build.Package {
	t.Helper()
	out := map[string]*build.Package{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !d.IsDir() {
			return nil
		}
		if name := d.Name(); path != root && (strings.HasPrefix(name, ".") || name == "testdata") {
			return filepath.SkipDir
		}
		pkg, err := build.ImportDir(path, 0)
		if err != nil {
			if _, none := err.(*build.NoGoError); none {
				return nil
			}
			return err
		}
		if len(pkg.GoFiles) == 0 {
			return nil
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		out[filepath.ToSlash(rel)] = pkg
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTopLevelHoldsOnlyWhatTheLayoutNames(t *testing.T) {
	t.Parallel()
	allowed := []string{"bot", "feeds", "summarize", "config", "go.mod", "go.sum", "README.md", "LICENSE", "CHANGELOG.md", "docs"}
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(allowed, e.Name()) && !ignored(e.Name()) {
			t.Errorf("%s stands at the top level, where it does not belong", e.Name())
		}
	}
}

// ignored reports whether git leaves name alone: what a run of the program
// writes into the working directory is no part of the layout.
func ignored(name string) bool {
	return name == "broadsheet" || strings.Contains(name, ".db")
}
