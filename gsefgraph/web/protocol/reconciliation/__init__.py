"""Other people's names matched with our things (Reconciliation Service API 0.2).

| address                 | file          |                                                        |
|-------------------------|---------------|--------------------------------------------------------|
| `/reconcile`            | `service`     | what the service is; candidates; values of properties  |
| `/reconcile/suggest/…`  | `suggestions` | things, classes and properties while somebody types    |
| `/reconcile/flyout/…`   |               | what is shown beside one of these                      |
| `/reconcile/properties` | `extension`   | what can be asked of the things of a class             |
| `/reconcile/preview`    | `preview`     | a thing in a small frame of another's page             |

What strangers send is read in `reading`, by the ids of `terms`; `matching` gives candidates with
their scores, for which `values` looks into the graph; `entities` tells what a thing is. Sections
are those of the Community Group's report of 10 April 2023.
"""
