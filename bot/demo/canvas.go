package demo

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"slices"
)

// The pictures' size in pixels. Scenes are drawn in these units.
const (
	pictureWidth  = 480
	pictureHeight = 320
)

// supersample is how many dots a pixel has along each side while drawing;
// their mean smooths every edge.
const supersample = 2

// point is a place on the canvas, in pixels from its top left corner.
type point struct{ x, y float64 }

// canvas is a picture being drawn.
type canvas struct {
	dots *image.RGBA
}

func newCanvas() *canvas {
	return &canvas{image.NewRGBA(image.Rect(0, 0, pictureWidth*supersample, pictureHeight*supersample))}
}

// png returns the finished picture.
func (c *canvas) png() ([]byte, error) {
	small := image.NewRGBA(image.Rect(0, 0, pictureWidth, pictureHeight))
	for y := range pictureHeight {
		for x := range pictureWidth {
			small.SetRGBA(x, y, c.mean(x, y))
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, small); err != nil {
		return nil, fmt.Errorf("encode picture: %w", err)
	}
	return b.Bytes(), nil
}

// mean is the colour of one pixel: the mean of its dots.
func (c *canvas) mean(x, y int) color.RGBA {
	var r, g, b int
	for dy := range supersample {
		at := c.dots.PixOffset(x*supersample, y*supersample+dy)
		for dot := at; dot < at+4*supersample; dot += 4 {
			r, g, b = r+int(c.dots.Pix[dot]), g+int(c.dots.Pix[dot+1]), b+int(c.dots.Pix[dot+2])
		}
	}
	const n = supersample * supersample
	return color.RGBA{uint8(r / n), uint8(g / n), uint8(b / n), 255}
}

// polygon fills the area that the points enclose, by the even-odd rule.
func (c *canvas) polygon(col color.Color, points ...point) {
	ink := image.NewUniform(col)
	low, high := math.Inf(1), math.Inf(-1)
	for _, p := range points {
		low, high = math.Min(low, p.y), math.Max(high, p.y)
	}
	first := max(0, int(low*supersample))
	last := min(c.dots.Rect.Max.Y-1, int(high*supersample))
	var cuts []float64
	for row := first; row <= last; row++ {
		cuts = crossings(cuts[:0], points, (float64(row)+0.5)/supersample)
		for i := 0; i+1 < len(cuts); i += 2 {
			span := image.Rect(
				int(math.Round(cuts[i]*supersample)), row, int(math.Round(cuts[i+1]*supersample)), row+1)
			draw.Draw(c.dots, span, ink, image.Point{}, draw.Over)
		}
	}
}

// crossings appends the abscissas at which the outline crosses height y.
func crossings(cuts []float64, points []point, y float64) []float64 {
	previous := points[len(points)-1]
	for _, p := range points {
		if (previous.y <= y) != (p.y <= y) {
			cuts = append(cuts, p.x+(y-p.y)*(previous.x-p.x)/(previous.y-p.y))
		}
		previous = p
	}
	slices.Sort(cuts)
	return cuts
}

func (c *canvas) rect(col color.Color, x, y, w, h float64) {
	c.polygon(col, point{x, y}, point{x + w, y}, point{x + w, y + h}, point{x, y + h})
}

func (c *canvas) ellipse(col color.Color, x, y, rx, ry float64) {
	c.polygon(col, arc(x, y, rx, ry, 0, 2*math.Pi)...)
}

func (c *canvas) circle(col color.Color, x, y, r float64) { c.ellipse(col, x, y, r, r) }

// line draws a line of the given width through the points, with round joints.
func (c *canvas) line(col color.Color, width float64, points ...point) {
	for i := 1; i < len(points); i++ {
		a, b := points[i-1], points[i]
		length := math.Hypot(b.x-a.x, b.y-a.y)
		if length == 0 {
			continue
		}
		dx, dy := (b.y-a.y)/length*width/2, (a.x-b.x)/length*width/2
		c.polygon(col, point{a.x + dx, a.y + dy}, point{b.x + dx, b.y + dy},
			point{b.x - dx, b.y - dy}, point{a.x - dx, a.y - dy})
		if width > 2 && i > 1 {
			c.circle(col, a.x, a.y, width/2)
		}
	}
}

// gradient fills a band of full width from one colour above to another below.
func (c *canvas) gradient(top, bottom float64, from, to color.RGBA) {
	for row := int(top * supersample); row < int(bottom*supersample); row++ {
		t := (float64(row)/supersample - top) / (bottom - top)
		span := image.Rect(0, row, c.dots.Rect.Max.X, row+1)
		draw.Draw(c.dots, span, image.NewUniform(mix(from, to, t)), image.Point{}, draw.Src)
	}
}

// arc returns points on an ellipse between two angles in radians, clockwise
// from the east.
func arc(x, y, rx, ry, from, to float64) []point {
	const steps = 48
	points := make([]point, 0, steps+1)
	for i := range steps + 1 {
		angle := from + (to-from)*float64(i)/steps
		points = append(points, point{x + rx*math.Cos(angle), y + ry*math.Sin(angle)})
	}
	return points
}

// curve returns points on the quadratic Bézier curve from a to c that leans
// towards b.
func curve(a, b, c point) []point {
	const steps = 32
	points := make([]point, 0, steps+1)
	for i := range steps + 1 {
		t := float64(i) / steps
		u := 1 - t
		points = append(points, point{
			u*u*a.x + 2*u*t*b.x + t*t*c.x,
			u*u*a.y + 2*u*t*b.y + t*t*c.y,
		})
	}
	return points
}

// rgb returns the opaque colour 0xRRGGBB.
func rgb(hex uint32) color.RGBA {
	return color.RGBA{uint8(hex >> 16), uint8(hex >> 8), uint8(hex), 255}
}

// fade returns col with an opacity between 0 and 1.
func fade(col color.RGBA, opacity float64) color.NRGBA {
	return color.NRGBA{col.R, col.G, col.B, uint8(255 * opacity)}
}

// mix returns the colour that lies t of the way from a to b.
func mix(a, b color.RGBA, t float64) color.RGBA {
	between := func(x, y uint8) uint8 { return uint8(float64(x) + (float64(y)-float64(x))*t) }
	return color.RGBA{between(a.R, b.R), between(a.G, b.G), between(a.B, b.B), 255}
}
