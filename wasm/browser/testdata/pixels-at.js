// The colours of window.pixels at some places, three numbers for each.
(places) => places.flatMap(([x, y]) => [0, 1, 2].map((i) => pixels.data[4 * (y * pixels.width + x) + i]))
