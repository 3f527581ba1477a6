package demo

import (
	"bytes"
	"image/color"
	"image/png"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	black = color.RGBA{A: 255}
	white = color.RGBA{255, 255, 255, 255}
)

// whiteCanvas returns a canvas without a mark.
func whiteCanvas() *canvas {
	c := newCanvas()
	c.gradient(0, pictureHeight, white, white)
	return c
}

// ink is how much black lies on the canvas, in pixels.
func ink(c *canvas) float64 {
	total := 0.0
	for y := range pictureHeight {
		for x := range pictureWidth {
			total += 1 - float64(c.mean(x, y).R)/255
		}
	}
	return total
}

func TestPolygonsCoverTheirArea(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		draw func(*canvas)
		want float64
	}{
		"a rectangle": {func(c *canvas) { c.rect(black, 10, 10, 40, 20) }, 800},
		"a triangle": {func(c *canvas) {
			c.polygon(black, point{0, 0}, point{100, 0}, point{0, 100})
		}, 5000},
		"a triangle drawn the other way round": {func(c *canvas) {
			c.polygon(black, point{0, 100}, point{100, 0}, point{0, 0})
		}, 5000},
		"a circle":        {func(c *canvas) { c.circle(black, 200, 150, 50) }, math.Pi * 2500},
		"an oval":         {func(c *canvas) { c.ellipse(black, 200, 150, 80, 20) }, math.Pi * 1600},
		"a line":          {func(c *canvas) { c.line(black, 2, point{10, 50}, point{110, 50}) }, 200},
		"a slanting line": {func(c *canvas) { c.line(black, 2, point{10, 10}, point{40, 50}) }, 100},
		"a ring, since a hole within stays empty": {func(c *canvas) {
			c.polygon(black, point{0, 0}, point{90, 0}, point{90, 90}, point{0, 90}, point{0, 0},
				point{30, 30}, point{60, 30}, point{60, 60}, point{30, 60}, point{30, 30})
		}, 8100 - 900},
		"what lies half outside": {func(c *canvas) { c.rect(black, -20, -20, 40, 40) }, 400},
		"what lies far outside":  {func(c *canvas) { c.rect(black, 5000, -5000, 40, 40) }, 0},
		"a line without length":  {func(c *canvas) { c.line(black, 5, point{9, 9}, point{9, 9}) }, 0},
		"half of the darkness":   {func(c *canvas) { c.rect(fade(black, 0.5), 0, 0, 20, 20) }, 200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := whiteCanvas()
			tc.draw(c)
			if got := ink(c); math.Abs(got-tc.want) > 0.02*tc.want+3 {
				t.Errorf("covers %.1f pixels, want %.1f", got, tc.want)
			}
		})
	}
}

func TestEdgesAreSmoothed(t *testing.T) {
	t.Parallel()
	c := whiteCanvas()
	c.rect(black, 0, 0, 10.5, 10)
	if got := c.mean(9, 5); got != black {
		t.Errorf("a covered pixel is %v, want %v", got, black)
	}
	if got := c.mean(10, 5); got.R != 127 {
		t.Errorf("a pixel covered by half has the grey %d, want 127", got.R)
	}
	if got := c.mean(11, 5); got != white {
		t.Errorf("a free pixel is %v, want %v", got, white)
	}
}

func TestGradientsRunFromTheFirstColourToTheSecond(t *testing.T) {
	t.Parallel()
	c := whiteCanvas()
	c.gradient(100, 200, rgb(0x000000), rgb(0xc80000))
	for y, want := range map[int]uint8{99: 255, 100: 0, 150: 100, 199: 198, 200: 255} {
		if got := c.mean(240, y).R; math.Abs(float64(got)-float64(want)) > 3 {
			t.Errorf("row %d has %d, want about %d", y, got, want)
		}
	}
}

func TestCurvesBeginAndEndWhereTheyShould(t *testing.T) {
	t.Parallel()
	a, b, c := point{0, 0}, point{50, 100}, point{100, 0}
	points := curve(a, b, c)
	if points[0] != a || points[len(points)-1] != c {
		t.Errorf("curve from %v to %v, want %v to %v", points[0], points[len(points)-1], a, c)
	}
	if middle := points[len(points)/2]; middle != (point{50, 50}) {
		t.Errorf("its middle is %v, want half way to what it leans to", middle)
	}
	half := arc(10, 20, 5, 3, 0, math.Pi)
	if first, last := half[0], half[len(half)-1]; math.Hypot(first.x-15, first.y-20) > 1e-9 || math.Hypot(last.x-5, last.y-20) > 1e-9 {
		t.Errorf("arc from %v to %v, want from the east to the west", first, last)
	}
}

func TestColours(t *testing.T) {
	t.Parallel()
	if got, want := rgb(0x12ab7f), (color.RGBA{0x12, 0xab, 0x7f, 0xff}); got != want {
		t.Errorf("rgb = %v, want %v", got, want)
	}
	if got, want := mix(rgb(0x000000), rgb(0x64c800), 0.5), rgb(0x326400); got != want {
		t.Errorf("mix = %v, want %v", got, want)
	}
	if got := fade(rgb(0xffffff), 0.2); got.A != 51 {
		t.Errorf("fade has the opacity %d, want 51", got.A)
	}
}

func TestThePNGHoldsWhatWasDrawn(t *testing.T) {
	t.Parallel()
	c := whiteCanvas()
	c.rect(rgb(0x336699), 100, 100, 50, 50)
	body, err := c.png()
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	got := []color.Color{
		color.RGBAModel.Convert(img.At(125, 125)), color.RGBAModel.Convert(img.At(10, 10)),
	}
	if diff := cmp.Diff([]color.Color{rgb(0x336699), white}, got); diff != "" {
		t.Errorf("two dots of the picture (-want +got):\n%s", diff)
	}
}
