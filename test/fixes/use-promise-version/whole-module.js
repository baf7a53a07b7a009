// The module as a whole, required and not.
const fs = require("fs")
const bcrypt = require("bcrypt")
const express = require("express")
const app = express()

app.post("/login", async (req, res) => {
  const user = JSON.parse(fs.readFileSync(`users/${req.body.name}.json`, "utf8"))
  if (!bcrypt.compareSync(req.body.password, user.hash)) return res.status(401).end()
  res.json({ name: user.name })
})
