// Package view holds what the stage shows, but not how it is drawn: the
// pictures of every step that came, the step that is shown, and the rectangles
// for pictures.
//
// [State] takes the pictures as the sampler makes them and keeps as many steps as its memory bound
// allows. [Arrange] lays the views of a step (x_t, x̂0, the noise, …, or grids of them) and the
// film strip out in a box. Both are plain values and integers, so tests check them without a
// browser; the Ebitengine viewer draws them. The page has to draw before any Go has arrived, so it
// has a transcription of the layout, layout.js, which a test compares number by number.
package view
