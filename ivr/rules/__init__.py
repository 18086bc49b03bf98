"""The rules: text read (`text`, `parsed`), linked (`link`), looked over (`lint`), frozen (`model`), asked (`decide`).

A subject has the same file in each: `callers`, `hours`, `menus`, `sites`, `departments`, `queues`, `agents`.
"""
