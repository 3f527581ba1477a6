package discordsim

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestStoredComponentsHaveIDsAndDefaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		in   object
		want object
	}{
		{"a text gets the first free id", textDisplay("x"), object{"type": typeTextDisplay, "id": 1, "content": "x"}},
		{"its own id stays", with(textDisplay("x"), "id", 7), object{"type": typeTextDisplay, "id": 7, "content": "x"}},
		{"a separator", object{"type": typeSeparator}, object{"type": typeSeparator, "id": 1, "spacing": 1, "divider": true}},
		{"nulls go", object{"type": typeTextDisplay, "content": "x", "id": nil}, object{"type": typeTextDisplay, "id": 1, "content": "x"}},
		{"a container", object{"type": typeContainer, "components": []any{textDisplay("x")}},
			object{"type": typeContainer, "id": 1, "accent_color": nil, "spoiler": false, "components": []any{object{"type": typeTextDisplay, "id": 2, "content": "x"}}}},
		{"a select menu", row(selectMenu("s", "1")), object{"type": typeActionRow, "id": 1, "components": []any{
			object{"type": typeSelect, "id": 2, "custom_id": "s", "min_values": 1, "max_values": 1, "options": []any{object{"label": "Story 1", "value": "1"}}}}}},
		{"a section's accessory comes before its texts", object{"type": typeSection, "components": []any{textDisplay("x")}, "accessory": button("b")},
			object{"type": typeSection, "id": 1, "components": []any{object{"type": typeTextDisplay, "id": 3, "content": "x"}},
				"accessory": object{"type": typeButton, "id": 2, "style": 1, "label": "Save", "custom_id": "b"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := &Sim{}
			got := s.storedComponents([]object{plain(tt.in).(object)}, func(string) object { return nil })
			if diff := cmp.Diff(plain([]any{tt.want}), plain(got)); diff != "" {
				t.Errorf("stored (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFreshIDsAvoidThoseGiven(t *testing.T) {
	t.Parallel()
	s := &Sim{}
	in := plain([]any{textDisplay("a"), with(textDisplay("b"), "id", 1), with(textDisplay("c"), "id", 3), textDisplay("d")}).([]any)
	got := s.storedComponents(objects(object{"c": in}, "c"), func(string) object { return nil })
	var ids []int
	for _, c := range got {
		ids = append(ids, integer(c.(object), "id"))
	}
	if diff := cmp.Diff([]int{2, 1, 3, 4}, ids); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
}

func TestWalkVisitsEveryComponentWithItsPath(t *testing.T) {
	t.Parallel()
	in := plain([]any{
		object{"type": typeContainer, "components": []any{object{"type": typeSection, "components": []any{textDisplay("x")}, "accessory": button("b")}}},
		object{"type": typeLabel, "component": object{"type": typeTextInput}},
	}).([]any)
	type visit struct {
		path         string
		kind, parent int
	}
	var got []visit
	walkComponents(objects(object{"c": in}, "c"), "components", func(path string, c object, parent int) {
		got = append(got, visit{path, integer(c, "type"), parent})
	})
	want := []visit{
		{"components.0", typeContainer, 0},
		{"components.0.components.0", typeSection, typeContainer},
		{"components.0.components.0.components.0", typeTextDisplay, typeSection},
		{"components.0.components.0.accessory", typeButton, typeSection},
		{"components.1", typeLabel, 0},
		{"components.1.component", typeTextInput, typeLabel},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(visit{})); diff != "" {
		t.Errorf("visits (-want +got):\n%s", diff)
	}
}

func TestStoredEmbedsAreRichWithFieldsFilledIn(t *testing.T) {
	t.Parallel()
	in := plain([]any{object{"title": "x", "color": nil, "type": "", "fields": []any{object{"name": "a", "value": "b"}}}}).([]any)
	got := storedEmbeds(objects(object{"e": in}, "e"))
	want := plain([]any{object{"title": "x", "type": "rich", "fields": []any{object{"name": "a", "value": "b", "inline": false}}}})
	if diff := cmp.Diff(want, plain(got)); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
}

func TestWhatMayHoldWhat(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		parent, child int
		v2, want      bool
	}{
		{0, typeActionRow, false, true},
		{0, typeTextDisplay, false, false},
		{0, typeTextDisplay, true, true},
		{0, typeButton, true, false},
		{0, typeThumbnail, true, false},
		{typeContainer, typeActionRow, true, true},
		{typeContainer, typeContainer, true, false},
		{typeContainer, typeButton, true, false},
		{typeActionRow, typeUserSelect, true, true},
		{typeActionRow, typeTextInput, false, false},
		{typeActionRow, typeTextDisplay, true, false},
		{typeSection, typeThumbnail, true, true},
		{typeSection, typeSelect, true, false},
		{typeTextDisplay, typeTextDisplay, true, false},
	} {
		if got := mayHold(tt.parent, tt.child, tt.v2); got != tt.want {
			t.Errorf("mayHold(%d, %d, v2 %v) = %v, want %v", tt.parent, tt.child, tt.v2, got, tt.want)
		}
	}
}
