/** Where nobody is signed in, the worker of the reading room holds no picture. */
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.getRegistration("/reading/").then((found) => found?.active?.postMessage({ drop: true }), () => {});
}
