// What a blog needs beside its posts: a folder of pictures, its own script and
// style, and where the built page of Tweedie is.
module.exports = function (blog) {
  blog.addPassthroughCopy('*.png');
  blog.addPassthroughCopy('*.css');
  blog.addPassthroughCopy('blog.js');
  blog.addGlobalData('tweedie', process.env.TWEEDIE_SITE);
};
