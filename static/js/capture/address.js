/** Says, before somebody relies on it, that an address without encryption keeps nothing here and cannot work offline. */

const strip = document.querySelector("#not-offline");
if (strip) strip.hidden = window.isSecureContext;
