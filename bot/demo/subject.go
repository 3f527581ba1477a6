package demo

import (
	"image/color"
	"math"
)

func bridge(s *sketch) {
	s.hills()
	s.sea()
	deck, top := 178.0, 62.0
	steel := mix(s.roof, s.shade, 0.2)
	towers := []float64{140, 340}
	for _, x := range towers {
		s.rect(fade(s.shade, 0.25), x-9, deck, 18, 92)
		s.rect(s.shade, x-12, 226, 24, 14)
		for _, dx := range []float64{-7, 7} {
			s.rect(steel, x+dx-2.5, top, 5, 168)
		}
		for y := top + 6; y < deck; y += 36 {
			s.rect(steel, x-8, y, 16, 4)
		}
	}
	s.chain(steel, point{-40, deck - 20}, point{60, deck - 10}, point{140, top}, deck)
	s.chain(steel, point{140, top}, point{240, deck + 74}, point{340, top}, deck)
	s.chain(steel, point{340, top}, point{420, deck - 10}, point{520, deck - 20}, deck)
	s.rect(s.shade, 0, deck, pictureWidth, 8)
	s.rect(steel, 0, deck-3, pictureWidth, 4)
	s.sailboat(236, 262, 42, s.body)
}

// chain draws a bridge's chain and the hangers down to its deck.
func (s *sketch) chain(col color.RGBA, a, b, c point, deck float64) {
	points := curve(a, b, c)
	s.line(col, 4, points...)
	for i := 2; i < len(points)-1; i += 2 {
		s.line(fade(col, 0.8), 1.4, points[i], point{points[i].x, deck})
	}
}

func lighthouse(s *sketch) {
	s.hills()
	s.sea()
	x := 210 + s.rnd.Float64()*60
	s.polygon(fade(s.light, 0.35), point{x, 72}, point{0, 20}, point{0, 96})
	s.polygon(fade(s.light, 0.25), point{x, 72}, point{pictureWidth, 34}, point{pictureWidth, 84})
	s.polygon(s.shade, point{x - 120, 268}, point{x - 70, 226}, point{x - 30, 214}, point{x + 44, 212}, point{x + 84, 234}, point{x + 130, 268})
	s.polygon(mix(s.shade, s.near, 0.5), point{x - 70, 226}, point{x - 30, 214}, point{x + 44, 212}, point{x + 20, 232}, point{x - 40, 240})
	const bands = 5
	for i := range bands {
		top, low := 88+float64(i)*26, 88+float64(i+1)*26
		wide := func(y float64) float64 { return 13 + (y-88)*0.085 }
		col := s.body
		if i%2 == 1 {
			col = s.roof
		}
		s.polygon(col, point{x - wide(top), top}, point{x + wide(top), top}, point{x + wide(low), low}, point{x - wide(low), low})
		s.polygon(fade(s.shade, 0.16), point{x + wide(top)*0.4, top}, point{x + wide(top), top}, point{x + wide(low), low}, point{x + wide(low)*0.4, low})
	}
	s.rect(s.shade, x-18, 83, 36, 5)
	s.rect(s.light, x-9, 62, 18, 21)
	s.line(s.shade, 1.6, point{x - 3, 62}, point{x - 3, 83})
	s.line(s.shade, 1.6, point{x + 4, 62}, point{x + 4, 83})
	s.polygon(s.roof, point{x - 13, 62}, point{x, 46}, point{x + 13, 62})
	s.house(x+36, 218, 34, 26, s.body)
	s.swell(262, s.seaLow)
}

func ferry(s *sketch) {
	s.hills()
	s.sea()
	x := 70 + s.rnd.Float64()*30
	s.hull(mix(s.near, s.shade, 0.35), x, 220, 300, 38)
	s.rect(s.body, x+40, 190, 216, 28)
	s.rect(s.body, x+70, 164, 150, 26)
	s.rect(s.body, x+186, 142, 40, 22)
	s.rect(fade(s.shade, 0.85), x+190, 147, 34, 9)
	for i := range 10 {
		s.rect(s.shade, x+50+float64(i)*20, 198, 12, 9)
	}
	for i := range 6 {
		s.rect(s.shade, x+78+float64(i)*18, 172, 10, 8)
	}
	s.rect(s.roof, x+106, 132, 34, 32)
	s.rect(s.body, x+106, 140, 34, 7)
	s.line(s.shade, 2, point{x + 206, 142}, point{x + 206, 112})
	s.polygon(s.light, point{x + 206, 112}, point{x + 232, 119}, point{x + 206, 126})
	s.swell(250, mix(s.seaTop, s.seaLow, 0.5))
	s.swell(272, s.seaLow)
	s.gull(400, 110, 14)
	s.gull(430, 132, 10)
}

func harbour(s *sketch) {
	s.hills()
	s.row(198, 8, 450, 62)
	s.sea()
	s.rect(mix(s.shade, s.body, 0.35), 0, 196, pictureWidth, 12)
	sails := []color.RGBA{s.body, s.roof, s.light}
	for i := range 4 {
		x := 50 + float64(i)*112 + s.rnd.Float64()*24
		y := 246 + float64(i%2)*22
		s.line(s.shade, 2.4, point{x + 26, y}, point{x + 26, y - 74})
		s.line(s.shade, 1.2, point{x + 26, y - 72}, point{x - 4, y}, point{x + 26, y - 72}, point{x + 66, y})
		s.hull(sails[i%3], x-10, y, 82, 18)
		s.rect(s.body, x+30, y-14, 24, 13)
		s.rect(s.shade, x+35, y-10, 6, 5)
	}
	s.swell(288, s.seaLow)
}

func whale(s *sketch) {
	s.hills()
	s.sea()
	skin, belly := mix(s.shade, s.seaLow, 0.3), mix(s.shade, s.body, 0.25)
	s.polygon(skin, curve(point{80, 252}, point{190, 150}, point{312, 252})...)
	s.polygon(belly, curve(point{96, 252}, point{130, 214}, point{190, 252})...)
	s.polygon(skin, point{226, 200}, point{250, 186}, point{254, 212})
	for i := range 5 {
		y := 236 - float64(i)*5
		s.line(fade(s.body, 0.25), 1.2, point{104 + float64(i)*5, y}, point{150 + float64(i)*4, y + 4})
	}
	s.circle(s.body, 138, 226, 3)
	s.polygon(skin, curveTo(point{352, 254}, point{372, 220}, point{366, 188}, point{384, 252})...)
	s.polygon(skin, append(curve(point{372, 196}, point{352, 166}, point{318, 168}), curve(point{330, 176}, point{352, 190}, point{372, 204})...)...)
	s.polygon(skin, append(curve(point{368, 196}, point{390, 164}, point{424, 164}), curve(point{412, 174}, point{392, 190}, point{368, 204})...)...)
	for _, dx := range []float64{-1, 1} {
		s.line(fade(rgb(0xffffff), 0.75), 4, curve(point{166, 204}, point{166 + dx*6, 140}, point{166 + dx*36, 148})...)
		s.line(fade(rgb(0xffffff), 0.5), 3, curve(point{166, 204}, point{166 + dx*2, 126}, point{166 + dx*20, 126})...)
	}
	s.swell(246, mix(s.seaTop, s.seaLow, 0.55))
	s.swell(270, s.seaLow)
}

func island(s *sketch) {
	s.hills()
	s.sea()
	green := mix(s.near, rgb(0x6aa84f), 0.35)
	s.polygon(mix(s.light, s.body, 0.4), curve(point{56, 240}, point{240, 176}, point{430, 240})...)
	s.polygon(green, curve(point{84, 234}, point{250, 108}, point{404, 234})...)
	s.polygon(fade(s.shade, 0.12), curve(point{240, 234}, point{320, 128}, point{404, 234})...)
	s.house(196, 196, 40, 30, s.body)
	s.house(250, 188, 30, 24, mix(s.body, s.light, 0.4))
	for _, x := range []float64{140, 158, 306, 324, 342} {
		s.line(s.shade, 3, point{x, 214}, point{x, 196})
		s.ellipse(mix(green, s.shade, 0.4), x, 188, 11, 15)
	}
	s.sailboat(92, 268, 40, s.body)
	s.swell(282, s.seaLow)
}

func river(s *sketch) {
	s.hills()
	meadow := mix(s.near, rgb(0x7fb069), 0.5)
	s.gradient(horizon, pictureHeight, meadow, mix(meadow, s.shade, 0.45))
	left := append(curve(point{236, horizon}, point{330, 226}, point{210, 250}), curve(point{210, 250}, point{110, 276}, point{150, pictureHeight})...)
	right := append(curve(point{380, pictureHeight}, point{230, 290}, point{292, 256}), curve(point{292, 256}, point{360, 222}, point{246, horizon})...)
	s.polygon(s.seaTop, append(left, right...)...)
	for i := range 9 {
		y := 206 + float64(i)*12
		s.ellipse(fade(s.sun, 0.3), 258-float64(i%3)*14, y, 10+float64(i)*2, 1.4)
	}
	for i := range 6 {
		x := 26 + float64(i)*24
		s.line(s.shade, 2.5, point{x, 226}, point{x, 206})
		s.ellipse(mix(meadow, s.shade, 0.5), x, 184, 8, 28)
	}
	s.line(s.shade, 4, point{344, 250}, point{344, 160})
	s.line(s.shade, 3, point{344, 166}, point{306, 166})
	s.rect(s.body, 298, 162, 16, 10)
	s.polygon(s.seaLow, point{346, 150}, point{374, 142}, point{380, 160}, point{352, 168})
	s.house(400, 232, 44, 34, s.body)
}

func sails(s *sketch) {
	s.hills()
	s.sea()
	colours := []color.RGBA{s.roof, s.body, s.light, mix(s.roof, s.light, 0.5), s.body}
	for i, col := range colours {
		x := 60 + float64(i)*86 + s.rnd.Float64()*22
		s.sailboat(x, 224+float64(i*37%54), 66+float64(i*29%50), col)
	}
	s.swell(286, s.seaLow)
	s.gull(250, 70, 12)
	s.gull(286, 88, 9)
}

func night(s *sketch) {
	if s.rnd.IntN(2) == 0 {
		for i, col := range []uint32{0x54e0a0, 0x3cc9b0, 0x9a6fd0} {
			y := 70 + float64(i)*22
			upper := curve(point{-20, y + 30}, point{200, y - 80}, point{500, y})
			lower := curve(point{500, y + 34}, point{200, y - 30}, point{-20, y + 74})
			s.polygon(fade(rgb(col), 0.3), append(upper, lower...)...)
		}
	}
	s.hills()
	s.row(200, 20, 440, 46)
	s.sea()
	for i := range 12 {
		x := 40 + float64(i)*36
		s.ellipse(fade(s.light, 0.4), x, 214+float64(i*7%18), 3, 16)
	}
}

func gulls(s *sketch) {
	s.hills()
	s.sea()
	s.polygon(s.shade, point{0, 118}, point{70, 126}, point{104, 170}, point{120, 260}, point{0, 270})
	s.polygon(mix(s.shade, s.near, 0.6), point{0, 118}, point{70, 126}, point{84, 144}, point{0, 142})
	for i := range 7 {
		s.gull(170+float64(i)*42, 120-40*math.Sin(float64(i)*0.9), 13+float64(i*5%9))
	}
	s.gull(262, 172, 34)
	s.swell(258, s.seaLow)
}
