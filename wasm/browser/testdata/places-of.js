// Where the views show a picture of a run, and how much larger, by the functions of
// web/stage/layout.js.
(box, run, image) => arrange(box, run, 2, 1, run.steps).panels.map((grid) => ({ ...tile(grid, image), zoom: grid.zoom }))
