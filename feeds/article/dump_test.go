package article

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

func TestDump(t *testing.T) {
	out := os.Getenv("DUMP")
	if out == "" {
		t.Skip()
	}
	dir := shared(t, "data", "extract")
	var pages map[string]page
	readJSON(t, filepath.Join(dir, "ground-truth.json"), &pages)
	pred := map[string]map[string]string{}
	for id, p := range pages {
		a, err := Extract(t.Context(), readGzip(t, filepath.Join(dir, p.HTML)), "text/html", p.URL, nil)
		if err != nil {
			t.Error(err)
		}
		pred[id] = map[string]string{"articleBody": a.Text, "title": a.Title}
	}
	raw, _ := json.Marshal(pred)
	os.WriteFile(out, raw, 0o644)
}
