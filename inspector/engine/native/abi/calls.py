"""Every function of V8 that we call: our name, its mangled name, its signature. The count is watched by a test."""

from __future__ import annotations

import ctypes

from inspector.engine.native.abi.layouts import InternalCallback, SharedPointer, Span
from inspector.engine.native.abi.library import Call, Library

__all__ = ["Calls"]

P = ctypes.c_size_t
I32 = ctypes.c_int
U16 = ctypes.c_uint16
U32 = ctypes.c_uint
U64 = ctypes.c_uint64
BOOL = ctypes.c_bool
BYTES = ctypes.c_char_p


class Calls:
    """The functions, bound once. `short` ones keep the GIL; see `Library`."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._isolates()
        self._scopes()
        self._limits()
        self._contexts()
        self._strings()
        self._errors()
        self._scripts()
        self._memory()
        self._copies()
        self._modules()
        self._promises()
        self._inspector()

    def _isolates(self) -> None:
        call, short = self._library.call, self._library.short
        self.current_isolate: Call = short("_ZN2v87Isolate10GetCurrentEv", P)
        self.platform: Call = short("_ZN2v88internal2V818GetCurrentPlatformEv", P)
        self.task_runner: Call = call(
            "_ZN2v88platform15DefaultPlatform23GetForegroundTaskRunnerEPNS_7IsolateENS_12TaskPriorityE",
            SharedPointer, P, P, ctypes.c_uint8,
        )  # fmt: skip
        # Keeps the GIL: the poster is done with it, and asleep, before the isolate's thread wants it. V8 holds the
        # queue's lock for moments only, and never calls Python meanwhile.
        self.post_task: Call = short(
            "_ZN2v88platform27DefaultForegroundTaskRunner12PostTaskImplENSt4__Cr10unique_ptrINS_4TaskENS2_14"
            "default_deleteIS4_EEEERKNS_14SourceLocationE",
            None, P, P, P,
        )  # fmt: skip
        self.request_interrupt: Call = call("_ZN2v87Isolate16RequestInterruptEPFvPS0_PvES2_", None, P, P, P)
        self.terminate: Call = call("_ZN2v87Isolate18TerminateExecutionEv", None, P)
        self.cancel_terminate: Call = call("_ZN2v87Isolate24CancelTerminateExecutionEv", None, P)
        self.heap_statistics: Call = short("_ZN2v87Isolate17GetHeapStatisticsEPNS_14HeapStatisticsE", None, P, P)
        self.low_memory: Call = call("_ZN2v87Isolate21LowMemoryNotificationEv", None, P)
        self.set_microtasks_policy: Call = short(
            "_ZN2v87Isolate19SetMicrotasksPolicyENS_16MicrotasksPolicyE", None, P, I32
        )
        self.perform_microtasks: Call = call("_ZN2v815MicrotasksScope17PerformCheckpointEPNS_7IsolateE", None, P)
        self.on_microtasks_completed: Call = short(
            "_ZN2v87Isolate30AddMicrotasksCompletedCallbackEPFvPS0_PvES2_", None, P, P, P
        )

    def _scopes(self) -> None:
        short = self._library.short
        scope = "_ZN2v88internal11HandleScope"
        self.handle_next: Call = short(f"{scope}20current_next_addressEPNS0_7IsolateE", P, P)
        self.handle_limit: Call = short(f"{scope}21current_limit_addressEPNS0_7IsolateE", P, P)
        self.handle_level: Call = short(f"{scope}21current_level_addressEPNS0_7IsolateE", P, P)
        self.delete_handle_extensions: Call = short(f"{scope}16DeleteExtensionsEPNS0_7IsolateE", None, P)
        self.globalize: Call = short("_ZN2v812api_internal18GlobalizeReferenceEPNS_8internal7IsolateEm", P, P, U64)
        self.dispose_global: Call = short("_ZN2v812api_internal13DisposeGlobalEPm", None, P)

    def _limits(self) -> None:
        short = self._library.short
        self.add_near_heap_limit: Call = short("_ZN2v87Isolate24AddNearHeapLimitCallbackEPFmPvmmES1_", None, P, P, P)
        self.remove_near_heap_limit: Call = short(
            "_ZN2v87Isolate27RemoveNearHeapLimitCallbackEPFmPvmmEm", None, P, P, P
        )
        self.add_gc_epilogue: Call = short(
            "_ZN2v87Isolate21AddGCEpilogueCallbackEPFvPS0_NS_6GCTypeENS_15GCCallbackFlagsEPvES4_S2_",
            None, P, P, P, I32,
        )  # fmt: skip
        self.set_oom_handler: Call = short("_ZN2v87Isolate18SetOOMErrorHandlerEPFvPKcRKNS_10OOMDetailsEE", None, P, P)

    def _contexts(self) -> None:
        call, short = self._library.call, self._library.short
        self.new_context: Call = call(
            "_ZN2v87Context3NewEPNS_7IsolateEPNS_22ExtensionConfigurationENS_10MaybeLocalINS_14ObjectTemplateEEENS5_"
            "INS_5ValueEEENS_33DeserializeInternalFieldsCallbackEPNS_14MicrotaskQueueENS_30DeserializeContextData"
            "CallbackENS_29DeserializeAPIWrapperCallbackE",
            P, P, P, P, P, InternalCallback, P, InternalCallback, InternalCallback,
        )  # fmt: skip
        self.enter_context: Call = short("_ZN2v87Context5EnterEv", None, P)
        self.exit_context: Call = short("_ZN2v87Context4ExitEv", None, P)
        self.context_global: Call = short("_ZN2v87Context6GlobalEv", P, P)
        self.current_context: Call = short("_ZN2v87Isolate17GetCurrentContextEv", P, P)
        self.execution_context_id: Call = short(
            "_ZN12v8_inspector13V8ContextInfo18executionContextIdEN2v85LocalINS1_7ContextEEE", I32, P
        )
        self.get_index: Call = call("_ZN2v86Object3GetENS_5LocalINS_7ContextEEEj", P, P, P, U32)
        self.set_property: Call = call(
            "_ZN2v86Object3SetENS_5LocalINS_7ContextEEENS1_INS_5ValueEEES5_", U16, P, P, P, P
        )
        self.call_function: Call = call(
            "_ZN2v88Function4CallEPNS_7IsolateENS_5LocalINS_7ContextEEENS3_INS_5ValueEEEiPS7_", P, P, P, P, P, I32, P
        )
        self.new_function: Call = call(
            "_ZN2v88Function3NewENS_5LocalINS_7ContextEEEPFvRKNS_20FunctionCallbackInfoINS_5ValueEEEENS1_INS_4DataEEEiNS_19"
            "ConstructorBehaviorENS_14SideEffectTypeE",
            P, P, P, P, I32, I32, I32,
        )  # fmt: skip
        self.view_buffer: Call = short("_ZN2v815ArrayBufferView6BufferEv", P, P)
        self.buffer_data: Call = short("_ZNK2v811ArrayBuffer4DataEv", P, P)

    def _strings(self) -> None:
        call = self._library.call
        text = "_ZN2v86String"
        self.new_one_byte: Call = call(
            f"{text}14NewFromOneByteEPNS_7IsolateEPKhNS_13NewStringTypeEi", P, P, BYTES, I32, I32
        )
        self.new_two_byte: Call = call(
            f"{text}14NewFromTwoByteEPNS_7IsolateEPKtNS_13NewStringTypeEi", P, P, BYTES, I32, I32
        )
        self.utf8_value: Call = call(f"{text}9Utf8ValueC1EPNS_7IsolateENS_5LocalINS_5ValueEEE", None, P, P, P)
        self.delete_utf8_value: Call = call(f"{text}9Utf8ValueD1Ev", None, P)

    def _errors(self) -> None:
        call, short = self._library.call, self._library.short
        self.try_begin: Call = short("_ZN2v88TryCatchC1EPNS_7IsolateE", None, P, P)
        self.try_end: Call = short("_ZN2v88TryCatchD1Ev", None, P)
        self.try_verbose: Call = short("_ZN2v88TryCatch10SetVerboseEb", None, P, BOOL)
        self.try_exception: Call = short("_ZNK2v88TryCatch9ExceptionEv", P, P)
        self.try_message: Call = short("_ZNK2v88TryCatch7MessageEv", P, P)
        self.try_terminated: Call = short("_ZNK2v88TryCatch13HasTerminatedEv", BOOL, P)
        self.message_text: Call = call("_ZNK2v87Message3GetEv", P, P)
        self.message_line: Call = call("_ZNK2v87Message13GetLineNumberENS_5LocalINS_7ContextEEE", U64, P, P)
        self.message_column: Call = call("_ZNK2v87Message14GetStartColumnENS_5LocalINS_7ContextEEE", U64, P, P)
        self.message_source_line: Call = call("_ZNK2v87Message13GetSourceLineENS_5LocalINS_7ContextEEE", P, P, P)
        self.message_resource: Call = call("_ZNK2v87Message21GetScriptResourceNameEv", P, P)
        self.message_stack: Call = call("_ZNK2v87Message13GetStackTraceEv", P, P)
        self.message_for: Call = call("_ZN2v89Exception13CreateMessageEPNS_7IsolateENS_5LocalINS_5ValueEEE", P, P, P)
        self.new_error: Call = call("_ZN2v89Exception5ErrorENS_5LocalINS_6StringEEENS1_INS_5ValueEEE", P, P, P)
        self.throw: Call = call("_ZN2v87Isolate14ThrowExceptionENS_5LocalINS_5ValueEEE", P, P, P)

    def _scripts(self) -> None:
        call, short = self._library.call, self._library.short
        self.compile_script: Call = call(
            "_ZN2v86Script7CompileENS_5LocalINS_7ContextEEENS1_INS_6StringEEEPNS_12ScriptOriginE", P, P, P, P
        )
        self.run_script: Call = call("_ZN2v86Script3RunENS_5LocalINS_7ContextEEE", P, P, P)
        self.unbound_script: Call = call("_ZN2v86Script16GetUnboundScriptEv", P, P)
        self.bind_script: Call = call("_ZN2v813UnboundScript20BindToCurrentContextEv", P, P)
        self.unbound_id: Call = call("_ZNK2v813UnboundScript5GetIdEv", I32, P)
        compiler = "_ZN2v814ScriptCompiler"
        self.compile_unbound: Call = call(
            f"{compiler}20CompileUnboundScriptEPNS_7IsolateEPNS0_6SourceENS0_14CompileOptionsENS0_13NoCacheReasonE",
            P, P, P, I32, I32,
        )  # fmt: skip
        self.compile_hidden: Call = call(
            "_ZN2v85debug22CompileInspectorScriptEPNS_7IsolateENS_5LocalINS_6StringEEE", P, P, P
        )
        self.create_code_cache: Call = call(f"{compiler}15CreateCodeCacheENS_5LocalINS_13UnboundScriptEEE", P, P)
        self.new_cached_data: Call = short(f"{compiler}10CachedDataC1EPKhiNS1_12BufferPolicyE", None, P, P, I32, I32)
        self.end_cached_data: Call = short(f"{compiler}10CachedDataD1Ev", None, P)

    def _memory(self) -> None:
        call, short = self._library.call, self._library.short
        self.heap_space_count: Call = short("_ZN2v87Isolate18NumberOfHeapSpacesEv", P, P)
        self.heap_space: Call = short(
            "_ZN2v87Isolate22GetHeapSpaceStatisticsEPNS_19HeapSpaceStatisticsEm", BOOL, P, P, P
        )
        self.measure_memory: Call = call(
            "_ZN2v87Isolate13MeasureMemoryENSt4__Cr10unique_ptrINS_21MeasureMemoryDelegateENS1_14default_deleteIS3_EEEENS_"
            "22MeasureMemoryExecutionE",
            BOOL, P, P, I32,
        )  # fmt: skip

    def _copies(self) -> None:
        call, short = self._library.call, self._library.short
        writer, reader = "_ZN2v815ValueSerializer", "_ZN2v817ValueDeserializer"
        self.new_serializer: Call = short(f"{writer}C1EPNS_7IsolateEPNS0_8DelegateE", None, P, P, P)
        self.end_serializer: Call = short(f"{writer}D1Ev", None, P)
        self.write_header: Call = call(f"{writer}11WriteHeaderEv", None, P)
        self.write_value: Call = call(f"{writer}10WriteValueENS_5LocalINS_7ContextEEENS1_INS_5ValueEEE", U16, P, P, P)
        self.serialized: Call = short(f"{writer}7ReleaseEv", Span, P)
        self.reallocate: Call = call(f"{writer}8Delegate22ReallocateBufferMemoryEPvmPm", P, P, P, P, P)
        self.free_serialized: Call = call(f"{writer}8Delegate16FreeBufferMemoryEPv", None, P, P)
        self.new_deserializer: Call = short(f"{reader}C1EPNS_7IsolateEPKhm", None, P, P, P, P)
        self.end_deserializer: Call = short(f"{reader}D1Ev", None, P)
        self.read_header: Call = call(f"{reader}10ReadHeaderENS_5LocalINS_7ContextEEE", U16, P, P)
        self.read_value: Call = call(f"{reader}9ReadValueENS_5LocalINS_7ContextEEE", P, P, P)
        self.detach: Call = call("_ZN2v811ArrayBuffer6DetachENS_5LocalINS_5ValueEEE", U16, P, P)
        self.security_token: Call = short("_ZN2v87Context16GetSecurityTokenEv", P, P)
        self.set_security_token: Call = short("_ZN2v87Context16SetSecurityTokenENS_5LocalINS_5ValueEEE", None, P, P)
        self.is_proxy: Call = short("_ZNK2v85Value7IsProxyEv", BOOL, P)

    def _modules(self) -> None:
        call = self._library.call
        module = "_ZN2v86Module"
        self.compile_module: Call = call(
            "_ZN2v814ScriptCompiler13CompileModuleEPNS_7IsolateEPNS0_6SourceENS0_14CompileOptionsENS0_13NoCacheReasonE",
            P, P, P, I32, I32,
        )  # fmt: skip
        self.instantiate_module: Call = call(
            f"{module}17InstantiateModuleENS_5LocalINS_7ContextEEEPFNS_10MaybeLocalIS0_EES3_mNS1_IS0_EEEPFNS4_INS_6Object"
            "EEES3_mS6_E",
            U16, P, P, P, P,
        )  # fmt: skip
        self.evaluate_module: Call = call(f"{module}8EvaluateENS_5LocalINS_7ContextEEE", P, P, P)
        self.module_namespace: Call = call(f"{module}18GetModuleNamespaceEv", P, P)
        self.module_hash: Call = call("_ZNK2v86Module15GetIdentityHashEv", I32, P)
        self.module_script_id: Call = call("_ZNK2v86Module8ScriptIdEv", I32, P)
        self.module_requests: Call = call("_ZNK2v86Module17GetModuleRequestsEv", P, P)
        self.module_location: Call = call("_ZNK2v86Module22SourceOffsetToLocationEi", U64, P, I32)
        self.array_length: Call = call("_ZNK2v810FixedArray6LengthEv", I32, P)
        self.array_get: Call = call("_ZNK2v810FixedArray3GetEi", P, P, I32)
        self.request_specifier: Call = call("_ZNK2v813ModuleRequest12GetSpecifierEv", P, P)
        self.request_offset: Call = call("_ZNK2v813ModuleRequest15GetSourceOffsetEv", I32, P)
        self.request_attributes: Call = call("_ZNK2v813ModuleRequest19GetImportAttributesEv", P, P)
        self.new_synthetic: Call = call(
            f"{module}21CreateSyntheticModuleEPNS_7IsolateENS_5LocalINS_6StringEEERKNS_10MemorySpanIKS5_EEPFNS_10MaybeLocal"
            "INS_5ValueEEENS3_INS_7ContextEEENS3_IS0_EEE",
            P, P, P, P, P,
        )  # fmt: skip
        self.set_synthetic_export: Call = call(
            f"{module}24SetSyntheticModuleExportEPNS_7IsolateENS_5LocalINS_6StringEEENS3_INS_5ValueEEE", U16, P, P, P, P
        )
        self.set_dynamic_import: Call = call(
            "_ZN2v87Isolate38SetHostImportModuleDynamicallyCallbackEPFNS_10MaybeLocalINS_7PromiseEEENS_5LocalINS_7Context"
            "EEENS4_INS_4DataEEENS4_INS_5ValueEEENS4_INS_6StringEEENS4_INS_10FixedArrayEEEE",
            None, P, P,
        )  # fmt: skip
        self.set_import_meta: Call = call(
            "_ZN2v87Isolate41SetHostInitializeImportMetaObjectCallbackEPFvNS_5LocalINS_7ContextEEENS1_INS_6Module"
            "EEENS1_INS_6ObjectEEEE",
            None, P, P,
        )  # fmt: skip

    def _promises(self) -> None:
        call, short = self._library.call, self._library.short
        self.is_promise: Call = short("_ZNK2v85Value9IsPromiseEv", BOOL, P)
        self.promise_state: Call = short("_ZN2v87Promise5StateEv", I32, P)
        self.promise_result: Call = short("_ZN2v87Promise6ResultEv", P, P)
        self.mark_handled: Call = short("_ZN2v87Promise13MarkAsHandledEv", None, P)
        self.new_resolver: Call = call("_ZN2v87Promise8Resolver3NewENS_5LocalINS_7ContextEEE", P, P)
        self.resolver_promise: Call = call("_ZN2v87Promise8Resolver10GetPromiseEv", P, P)
        self.resolve: Call = call(
            "_ZN2v87Promise8Resolver7ResolveENS_5LocalINS_7ContextEEENS2_INS_5ValueEEE", U16, P, P, P
        )
        self.reject: Call = call(
            "_ZN2v87Promise8Resolver6RejectENS_5LocalINS_7ContextEEENS2_INS_5ValueEEE", U16, P, P, P
        )
        self.on_promise_rejected: Call = short(
            "_ZN2v87Isolate24SetPromiseRejectCallbackEPFvNS_20PromiseRejectMessageEE", None, P, P
        )

    def _inspector(self) -> None:
        call = self._library.call
        self.create_inspector: Call = call(
            "_ZN12v8_inspector11V8Inspector6createEPN2v87IsolateEPNS_17V8InspectorClientE", P, P, P
        )
        self.cbor_to_json: Call = call(
            "_ZN8v8_crdtp4json17ConvertCBORToJSONENSt4__Cr4spanIKhLm18446744073709551615EEEPNS1_6vectorIhNS1_9"
            "allocatorIhEEEE",
            SharedPointer, Span, P,
        )  # fmt: skip
        self.delete: Call = call("_ZdlPv", None, P)
