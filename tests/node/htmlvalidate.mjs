// What html-validate checks in the built pages, and what it leaves out, each with the reason.
export default {
  root: true,
  extends: ["html-validate:recommended", "html-validate:document", "html-validate:a11y"],
  rules: {
    // HTML allows either; the lower case is shorter to compress.
    "doctype-style": ["error", { style: "lowercase" }],
    // Blank lines that templates leave; nobody sees them, and compression takes them away.
    "no-trailing-whitespace": "off",
    // Scripts and styles come from the same server as the page. A hash would say nothing that its transport does not.
    "require-sri": ["error", { target: "crossorigin" }],
    // A page is called what its record is called, and records keep the names of the documents.
    "long-title": "off",
    // Boxes of one question share a name, as HTML means them to.
    "form-dup-name": ["error", { shared: ["radio", "checkbox", "button", "submit"] }],
    // Naming a list is allowed by ARIA; the rule's narrow reading knows landmarks and controls only.
    "aria-label-misuse": ["error", { allowAnyNamable: true }],
  },
};
