// A Firefox that is older than the installed Playwright lacks one command, which sets the colour scheme of a context.
// Asked for something harmless in its place, it runs all others.
const fs = require("fs"), Module = require("module"), path = require("path");
const usual = Module._extensions[".js"];
Module._extensions[".js"] = (module, file) => {
  if (path.basename(file) !== "coreBundle.js") return usual(module, file);
  module._compile(fs.readFileSync(file, "utf8").replaceAll('"emulation.setMediaFeaturesOverride"', '"session.status"'), file);
};
