// Package view holds what the stage shows, but not how it is drawn: the
// pictures of every step that came, the step that is shown, and the rectangles
// for pictures.
//
// [State] takes the pictures as the sampler makes them and keeps as many
// steps as its memory bound allows. [Arrange] lays the views of a step
// (x_t, x̂0, the noise, …, or grids of them) and the film strip out in a box. Both are
// plain values and integers: the Ebitengine viewer draws them, tests check
// them without a browser, and web/stage/layout.js, which must draw before any Go
// has arrived, is a transcription that a browser test compares number by
// number.
package view
