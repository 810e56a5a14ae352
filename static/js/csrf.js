/** The token that every writing request carries in X-CSRFToken. */
export const csrfToken = () => document.querySelector('meta[name="csrf-token"]').content;
