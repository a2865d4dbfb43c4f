// What a page asks for again and again, it asks for only while somebody can see it.
document.addEventListener("htmx:before:request", (event) => {
  if (document.hidden && event.target instanceof Element && event.target.hasAttribute("data-live"))
    event.preventDefault();
});
