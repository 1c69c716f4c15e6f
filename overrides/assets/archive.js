// In an archive this stands in for a page's module: browsers load no modules from a folder and complain about each.
// What the modules offer then stays hidden, and what is said to readers without JavaScript shows.
"use strict";

{
  const { dataset, src } = document.currentScript;
  if (location.protocol !== "file:") import(new URL(dataset.module, src));
}
