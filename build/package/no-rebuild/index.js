throw new Error('nothing is built anew for Electron here: the native modules are those of their own packages')
