// Where the views show a picture of a run, and how much larger, by the functions of
// web/stage/layout.js; hero says whether the finished picture is the large one.
(box, run, image, hero) => (hero ? arrangeHero(box, run, run.steps) : arrange(box, run, 2, 1, run.steps)).panels.map((grid) => ({ ...tile(grid, image), zoom: grid.zoom }))
